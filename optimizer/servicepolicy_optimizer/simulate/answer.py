"""The runs told beside what was promised and planned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.policy import ItemPolicy, Policy, SegmentPolicy
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_models.simulation import (
    Balance,
    Estimate,
    ItemClassSimulation,
    ItemSimulation,
    SegmentSimulation,
    Service,
    Verdict,
)
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.simulate.estimates import Estimates
from servicepolicy_optimizer.simulate.measure import SHARES
from servicepolicy_optimizer.simulate.world import World

NOTHING = Estimate(mean=0.0)
ROUNDING = 1e-9
"""A share this little below what is promised is what is promised."""
PER_YEAR = ("pieces", "lines", "orders")
HOURS = ("response_hours", "response_hours_with_wait")
PLAIN = tuple(
    name
    for name in Service.model_fields
    if name not in HOURS and name not in {f"{counted}_per_year" for counted in PER_YEAR}
)


@dataclass(frozen=True)
class Told:
    """What the tables are written from."""

    world: World
    policy: Policy
    targets: Mapping[Segment, SegmentTarget]
    kept: Estimates
    years: float
    """Measured in a run."""
    confidence: float

    def service(self, group: int) -> Service:
        """What the customers of a group got (segments, then item classes, then all)."""
        figures = {name: self.kept.estimate(name, group, self.confidence) for name in PLAIN}
        hours = {name: self._hours(name, group) for name in HOURS}
        yearly = {f"{name}_per_year": self._per_year(name, group) for name in PER_YEAR}
        return Service.model_validate(figures | hours | yearly)

    def _per_year(self, name: str, group: int) -> Estimate:
        found = self.kept.estimate(name, group, self.confidence) or NOTHING
        width = None if found.half_width is None else found.half_width / self.years
        return Estimate(mean=found.mean / self.years, half_width=width)

    def _hours(self, name: str, group: int) -> dict[str, Estimate]:
        found = {str(p): self.kept.estimate(name, (group, n), self.confidence) for n, p in enumerate(SHARES)}
        return {share: one for share, one in found.items() if one}


def segment_rows(told: Told) -> Iterator[SegmentSimulation]:
    """The segments in the order of the policy."""
    for s, row in enumerate(told.policy.segments):
        service, target = told.service(s), told.targets[told.world.segments[s]]
        below = _items_below(told, s, row)
        yield SegmentSimulation(
            customer_class=row.customer_class,
            item_class=row.item_class,
            region=row.region,
            promised_fill_rate=row.promised_fill_rate,
            planned_fill_rate=row.planned_fill_rate,
            promised_cycle_service_level=row.target_cycle_service_level,
            promised_response_hours=row.promised_response_hours,
            asked_on_time_probability=target.on_time_probability,
            planned_on_time_probability=row.on_time_probability,
            planned_otif=row.otif,
            planned_mean_response_hours=row.mean_response_hours,
            fill_verdict=_fill_verdict(told, row, service, below),
            items_below_promise=below,
            time_verdict=verdict(service.on_time_share, target.on_time_probability),
            service=service,
        )


def verdict(found: Estimate | None, promised: float) -> Verdict:
    """What an estimate says of a promise.

    >>> verdict(Estimate(mean=0.94, half_width=0.02), 0.95), verdict(Estimate(mean=0.94), 0.95)
    (<Verdict.OPEN: 'open'>, <Verdict.BROKEN: 'broken'>)
    """
    if found is None:
        return Verdict.NOT_ASKED
    if found.mean >= promised - ROUNDING:
        return Verdict.KEPT
    reaches = found.mean + (found.half_width or 0.0) >= promised - ROUNDING
    return Verdict.OPEN if reaches else Verdict.BROKEN


def _fill_verdict(told: Told, row: SegmentPolicy, service: Service, below: int) -> Verdict:
    if row.target_cycle_service_level is not None:  # promised for every item
        if service.cycle_service_level is None:
            return Verdict.NOT_ASKED
        return Verdict.BROKEN if below else Verdict.KEPT
    together = verdict(service.unit_fill_rate, row.promised_fill_rate)
    if told.policy.fill_rate_basis != FillRateBasis.EVERY_ITEM or together is Verdict.NOT_ASKED:
        return together
    return Verdict.BROKEN if below else Verdict.KEPT


def _items_below(told: Told, s: int, row: SegmentPolicy) -> int:
    """Items of the segment whose whole interval lies below the fill rate or cycle service promised. The
    intervals are widened for their number (Bonferroni), so that chance alone rarely puts any there.
    """
    facts, world = told.world.facts, told.world
    item, atom = np.nonzero(facts.items.pieces_per_day > 0)
    here = world.segment_of[facts.items.item_class[item], atom] == s
    shelf = np.unique(world.shelf_of[item[here], atom[here]])
    if not shelf.size:
        return 0
    i = facts.customer_classes.index(row.customer_class)
    measure, promised = "item_fill_rate", row.promised_fill_rate
    if row.target_cycle_service_level is not None:
        measure, promised = "item_cycle_service", row.target_cycle_service_level
    moments = told.kept.moments[measure]
    width = moments.half_width(1.0 - (1.0 - told.confidence) / shelf.size)[shelf, i]
    top = moments.mean[shelf, i] + np.nan_to_num(width)
    return int((moments.count[shelf, i].astype(bool) & (top < promised - ROUNDING)).sum())


def item_class_rows(told: Told) -> Iterator[ItemClassSimulation]:
    """The item classes in the order of the policy."""
    names = told.world.facts.item_classes
    for row in told.policy.item_classes:
        j, planned = names.index(row.item_class), row.stock_value
        yield ItemClassSimulation(
            item_class=row.item_class,
            planned_on_hand_value=planned.cycle + planned.safety + planned.reserve,
            on_hand_value=told.kept.estimate("on_hand_value", j, told.confidence) or NOTHING,
            owed_pieces=told.kept.estimate("owed", j, told.confidence) or NOTHING,
            service=told.service(len(told.world.segments) + j),
        )


def item_rows(told: Told) -> Iterator[ItemSimulation]:
    """The shelves in the order of the policy's item table, over all runs together."""
    total = told.kept.totals
    runs = float(total["runs"])
    for n in np.argsort(told.world.rows, kind="stable"):
        row = told.policy.items[told.world.rows[n]]
        asked, cycles = float(total["asked"][n].sum()), int(total["cycles"][n])
        yield ItemSimulation(
            item=row.item,
            location=row.location,
            shelf=row.shelf,
            pieces=asked,
            planned_unit_fill_rate=_planned(told, row, total["asked"][n]),
            unit_fill_rate=float(total["from_stock"][n].sum()) / asked if asked else None,
            cycles=cycles,
            cycle_service_level=1.0 - float(total["short_cycles"][n]) / cycles if cycles else None,
            planned_on_hand_pieces=row.on_hand_pieces,
            on_hand_pieces=float(total["on_hand"][n]) / runs,
            owed_pieces=float(total["owed"][n]) / runs,
        )


def _planned(told: Told, row: ItemPolicy, asked: np.typing.NDArray[np.float64]) -> float:
    """The planned fill rates of the classes, weighted by what they asked for; evenly if nobody did."""
    rates = [row.unit_fill_rate.get(name) for name in told.world.facts.customer_classes]
    known = [(rate, weight) for rate, weight in zip(rates, asked, strict=True) if rate is not None]
    weights = [float(weight) for _, weight in known]
    if not sum(weights):
        weights = [1.0] * len(known)
    return float(np.average([rate for rate, _ in known], weights=weights))


def balance(told: Told) -> Balance:
    """Pieces over all runs."""
    asked, delivered, waiting, lost = told.kept.totals["balance"].tolist()
    return Balance(asked_pieces=asked, delivered_pieces=delivered, waiting_pieces=waiting, lost_pieces=lost)
