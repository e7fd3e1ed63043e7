"""A scenario and its demand with some inputs multiplied, and with some means gone."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.futures import ScaledInput
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts

Asked = tuple[Scenario, Facts]

LISTS = {
    "mode": "modes", "channel": "channels", "process": "processes", "supply": "supply",
    "location": "locations", "deployment": "deployments",
}  # fmt: skip
"""Kind of means -> its list in the scenario."""


def scaled(asked: Asked, times: Mapping[ScaledInput, float]) -> Asked:
    """Every named input multiplied by its factor."""
    for name, factor in times.items():
        if factor != 1.0:
            asked = SCALE_OF[name](*asked, factor)
    return asked


def without(scenario: Scenario, gone: Sequence[str], where: str) -> Scenario:
    """The scenario without some means, `mode:Courier`. Raises ScenarioRejected for what is not there."""
    findings = []
    for place, text in enumerate(gone):
        kind, _, name = text.partition(":")
        listed = getattr(scenario, LISTS[kind]) if kind in LISTS else ()
        left = tuple(one for one in listed if one.name != name)
        at = f"{where}/without/{place}"
        if len(left) == len(listed):
            known = ", ".join(f"{kind}:{one.name}" for one in listed) or ", ".join(
                f"{one}:…" for one in LISTS
            )
            what = f"There is nothing called {text!r} that could fail."
            findings.append(error(at, what, "futures.unknown_means", f"Name one of: {known}."))
        elif not left:
            what = f"Without {text!r} there is no {kind} left."
            findings.append(error(at, what, "futures.nothing_left", "Leave at least one that works."))
        else:
            scenario = scenario.model_copy(update={LISTS[kind]: left, "current_policy": ()})
    if findings:
        raise ScenarioRejected(findings)
    return scenario


def _demand(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    items, segments, sizes = facts.items, facts.segments, facts.items.order_sizes
    more = replace(
        facts,
        items=replace(
            items,
            pieces_per_day=items.pieces_per_day * factor,
            lines_per_day=items.lines_per_day * factor,
            covariance_pieces2_per_day=items.covariance_pieces2_per_day * factor,
            order_sizes=replace(sizes, lines_per_day=sizes.lines_per_day * factor),
        ),
        segments=replace(
            segments,
            **{
                name: getattr(segments, name) * factor
                for name in (
                    "orders_per_year", "order_visits_per_year", "lines_per_year", "pieces_per_year",
                    "weight_kg_per_year", "revenue_per_year",
                )
            },
        ),
    )  # fmt: skip
    return scenario, _marked(more, f"demand {factor!r}")


def _unit_cost(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    items = replace(facts.items, unit_cost=facts.items.unit_cost * factor)
    return scenario, _marked(replace(facts, items=items), f"unit cost {factor!r}")


def _marked(facts: Facts, change: str) -> Facts:
    """Other numbers, another hash: that of the original with what was done to it."""
    return replace(facts, sha256=hashlib.sha256(f"{facts.sha256} {change}".encode()).hexdigest())


def _multiplied(noun: Any, names: Sequence[str], factor: float) -> Any:
    """A noun with some of its numbers multiplied; absent ones stay absent."""
    update = {
        name: value * factor
        for name in names
        if name in type(noun).model_fields and (value := getattr(noun, name)) is not None
    }
    return noun.model_copy(update=update)


def _in_lists(*lists: str, fields: Sequence[str]) -> Callable[[Scenario, Facts, float], Asked]:
    """Multiply these fields of every entry of these lists."""

    def scale(scenario: Scenario, facts: Facts, factor: float) -> Asked:
        update = {
            name: tuple(_multiplied(one, fields, factor) for one in getattr(scenario, name)) for name in lists
        }
        return scenario.model_copy(update=update), facts

    return scale


def _freight(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    rates = ("minimum_charge", "cost_per_shipment", "cost_per_kg")

    def dearer(lane: Any) -> Any:
        return lane.model_copy(update={"bands": tuple(_multiplied(b, rates, factor) for b in lane.bands)})

    modes = tuple(
        mode.model_copy(update={"lanes": tuple(dearer(lane) for lane in mode.lanes)})
        for mode in scenario.modes
    )
    return scenario.model_copy(update={"modes": modes}), facts


def _warehousing(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    own = ("cost_per_line", "cost_per_piece", "cost_per_order")
    processes = tuple(
        _multiplied(one, own, factor).model_copy(
            update={"at": tuple(_multiplied(place, own, factor) for place in one.at)}
        )
        for one in scenario.processes
    )
    locations = tuple(
        _multiplied(one, ("storage_cost_per_m3_year", "cost_per_piece"), factor) for one in scenario.locations
    )
    return scenario.model_copy(update={"processes": processes, "locations": locations}), facts


def _fixed_cost(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    fixed = ("fixed_cost_per_year",)
    lists = ("channels", "processes", "modes", "supply", "locations")
    update: dict[str, Any] = {
        name: tuple(_multiplied(one, fixed, factor) for one in getattr(scenario, name)) for name in lists
    }
    update["processes"] = tuple(
        one.model_copy(update={"at": tuple(_multiplied(place, fixed, factor) for place in one.at)})
        for one in update["processes"]
    )
    return scenario.model_copy(update=update), facts


def _carrying_rate(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    return _multiplied(scenario, ("carrying_rate_per_year",), factor), facts


def _response_time(scenario: Scenario, facts: Facts, factor: float) -> Asked:
    def slower(one: Any) -> Any:
        return one.model_copy(update={"time": _multiplied(one.time, ("mean_hours", "sd_hours"), factor)})

    update: dict[str, Any] = {
        name: tuple(slower(one) for one in getattr(scenario, name)) for name in ("channels", "processes")
    }
    update["modes"] = tuple(
        mode.model_copy(update={"lanes": tuple(slower(lane) for lane in mode.lanes)})
        for mode in scenario.modes
    )
    return scenario.model_copy(update=update), facts


SCALE_OF: Mapping[ScaledInput, Callable[[Scenario, Facts, float], Asked]] = {
    ScaledInput.DEMAND: _demand,
    ScaledInput.UNIT_COST: _unit_cost,
    ScaledInput.FREIGHT: _freight,
    ScaledInput.INBOUND: _in_lists(
        "supply", "locations",
        fields=("inbound_cost_per_piece", "inbound_cost_per_kg", "inbound_cost_share_of_value"),
    ),
    ScaledInput.ORDER_HANDLING: _in_lists(
        "channels", fields=("cost_per_order", "cost_per_line", "labour_cost_per_hour", "cost_per_error")
    ),
    ScaledInput.WAREHOUSING: _warehousing,
    ScaledInput.ORDERING_COST: _in_lists("supply", fields=("fixed_cost_per_order",)),
    ScaledInput.CARRYING_RATE: _carrying_rate,
    ScaledInput.SHORTAGE_COST: _in_lists(
        "stockout_reactions",
        fields=(
            "cost_per_waiting_piece", "cost_per_substituted_piece", "lost_share_of_price",
            "leaving_multiple_of_price", "shortage_factor",
        ),
    ),
    ScaledInput.LEAD_TIME: _in_lists("supply", fields=("lead_time_mean_days",)),
    ScaledInput.LEAD_TIME_DEVIATION: _in_lists("supply", fields=("lead_time_sd_days",)),
    ScaledInput.RESPONSE_TIME: _response_time,
    ScaledInput.FIXED_COST: _fixed_cost,
}  # fmt: skip
