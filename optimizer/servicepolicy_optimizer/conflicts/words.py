"""Conflicts in the planner's words."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from servicepolicy_models.policy import Conflict
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.conflicts.ceilings import CEILINGS
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.master.asked import Asked, asked


@dataclass(frozen=True)
class Words:
    """Turns demands into sentences."""

    choices: Choices
    asked: Asked
    missed: Mapping[Demand, float]
    """By how much a demand is missed while all else is kept, in the unit of its rows; absent: unknown."""

    def cannot_be_kept(self, demand: Demand) -> Conflict:
        """The sentence for a demand that must give way."""
        missed = self.missed.get(demand, 0.0)
        instead = (
            INSTEAD[demand.family](self, demand, missed) if missed > 0 and demand.family in INSTEAD else ""
        )
        return _conflict(demand, f"{self.thing(demand)} cannot be kept{instead}.")

    def stands_against(self, demand: Demand, other: Demand) -> Conflict:
        """The sentence for a demand that can be kept only if the other is given up."""
        return _conflict(demand, f"{self.thing(demand)} stands against {self.thing(other)}.")

    def thing(self, demand: Demand) -> str:
        """What the planner calls the demand."""
        return THING[demand.family](self, demand)


def words(scenario: Scenario, choices: Choices, missed: Mapping[Demand, float]) -> Words:
    """Words that know the scenario's figures."""
    return Words(choices, asked(scenario, choices), missed)


def where(demand: Demand) -> str:
    """Where a demand applies: `A/X`, `A/X (North)`, `A/X, B/X`, `express at Leeds`, `EUR`."""
    if demand.family in CEILINGS:
        return " at ".join(demand.where)
    segments = [segment_name(_segment(demand.where[n:])) for n in range(0, len(demand.where) - 2, 3)]
    return ", ".join(segments) or " ".join(demand.where)


def _conflict(demand: Demand, sentence: str) -> Conflict:
    return Conflict(family=demand.family, where=where(demand), sentence=sentence[:1].upper() + sentence[1:])


def _segment(key: tuple[str, ...]) -> Segment:
    return key[0], key[1], key[2]


def segment_name(segment: Segment) -> str:
    """`A/X`, or `A/X (North)` where regions are promised apart."""
    customer_class, item_class, region = segment
    return f"{customer_class}/{item_class}" + ("" if region == "*" else f" ({region})")


def amount(value: float) -> str:
    """Four digits, or whole units with thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def percent(value: float) -> str:
    """A share in percent."""
    return f"{100 * value:.4g} %"


def _fill_rate(words: Words, demand: Demand) -> str:
    s = _segment(demand.where)
    return f"the fill rate of {percent(words.asked.fill_rate.get(s, 0.0))} for {segment_name(s)}"


def _fill_rate_possible(words: Words, demand: Demand, missed: float) -> str:
    s = _segment(demand.where)
    lacking = missed if words.asked.every_item else missed / words.asked.pieces_per_year[s]
    return f"; {percent(max(words.asked.fill_rate.get(s, 0.0) - lacking, 0.0))} is possible"


def _otif(words: Words, demand: Demand) -> str:
    s = _segment(demand.where)
    return f"on time in full of {percent(words.choices.targets[s].otif or 0.0)} for {segment_name(s)}"


def _otif_lacking(words: Words, demand: Demand, missed: float) -> str:
    return f"; its fill rate is {100 * missed:.4g} points too low for that"


def _service(words: Words, demand: Demand) -> str:
    s = _segment(demand.where)
    hours = words.choices.targets[s].response_hours
    return f"serving {segment_name(s)}" + ("" if hours is None else f" within {hours:g} h")


def _service_possible(words: Words, demand: Demand, missed: float) -> str:
    fastest = words.choices.slowest_promise.get(_segment(demand.where))
    return "" if fastest is None else f"; {fastest:g} h is possible"


def _order(of_what: str) -> Callable[[Words, Demand], str]:
    def thing(words: Words, demand: Demand) -> str:
        better, worse = segment_name(_segment(demand.where)), segment_name(_segment(demand.where[3:]))
        return f"the rule that {better} never gets a {of_what} than {worse}"

    return thing


def _ceiling(words: Words, demand: Demand) -> str:
    ceiling = CEILINGS[demand.family]
    what = ceiling.what.format(*demand.where)
    return (
        f"{what} of {amount(ceiling.limit(words.asked, demand.where))} {ceiling.unit.format(*demand.where)}"
    )


def _ceiling_needed(words: Words, demand: Demand, missed: float) -> str:
    ceiling = CEILINGS[demand.family]
    needed = ceiling.limit(words.asked, demand.where) + missed
    return f"; {amount(needed)} {ceiling.unit.format(*demand.where)} would do"


def _promises(words: Words, demand: Demand) -> str:
    return f"the limit of {words.asked.distinct_promises[demand.where[0]]} different promises"


def _promises_needed(words: Words, demand: Demand, missed: float) -> str:
    return f"; {math.ceil(words.asked.distinct_promises[demand.where[0]] + missed - 1e-6)} would do"


THING: Mapping[str, Callable[[Words, Demand], str]] = {
    "one_stocking_option": lambda words, demand: f"stocking item class {demand.where[0]}",
    "one_path": _service,
    "fill_rate_floor": _fill_rate,
    "otif_floor": _otif,
    "better_customer_fill": _order("lower fill rate"),
    "better_customer_response": _order("slower response"),
    "better_item_fill": _order("lower fill rate"),
    "better_item_response": _order("slower response"),
    "path_by_chosen_channel": lambda words, demand: f"one order channel for customer class {demand.where[0]}",
    "distinct_promises": _promises,
    **dict.fromkeys(CEILINGS, _ceiling),
}
"""Family -> what the planner calls it."""

INSTEAD: Mapping[str, Callable[[Words, Demand, float], str]] = {
    "one_path": _service_possible,
    "fill_rate_floor": _fill_rate_possible,
    "otif_floor": _otif_lacking,
    "distinct_promises": _promises_needed,
    **dict.fromkeys(CEILINGS, _ceiling_needed),
}
"""Family -> what could be kept instead, if everything else is."""
