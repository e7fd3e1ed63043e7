"""Demand handed in as numbers -> Facts."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from servicepolicy_models.demand import InlineDemand, InlineItem, PoolDemand
from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import WEIGHT_BINS, Facts, Floats, ItemFacts, SegmentFacts, SizeFacts
from servicepolicy_optimizer.profile.hashing import demand_sha256
from servicepolicy_optimizer.profile.segment_activity import PERCENTILES


def inline_facts(scenario: Scenario) -> Facts:
    """The demand of a scenario whose `demand.kind` is `inline`.

    What is absent: variance = lines x E[x^2] (compound Poisson), uncorrelated between atoms; E[x^2] = (pieces
    / lines)^2; unit price = unit cost; orders = lines, order visits = orders, customers = order visits; every
    visit has the mean weight and every order the mean value. Raises ScenarioRejected with all findings that
    block.
    """
    demand = scenario.demand
    if not isinstance(demand, InlineDemand):
        raise TypeError(f"inline_facts wants demand of kind inline, got {demand.kind}")
    segmentation = scenario.segmentation
    regions = tuple(region.name for region in segmentation.regions)
    names = (segmentation.customers.classes, segmentation.items.classes, regions)
    if findings := list(_contradictions(demand, names)):
        raise ScenarioRejected(findings)
    items = _item_facts(demand, names)
    segments = _segment_facts(demand, names, items, scenario.days_per_year)
    return Facts(
        customer_classes=names[0],
        item_classes=names[1],
        regions=regions,
        items=items,
        segments=segments,
        findings=(),
        sha256=demand_sha256(names, items, segments),
    )


Names = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Customer classes, item classes, regions."""


def _contradictions(demand: InlineDemand, names: Names) -> Iterator[Finding]:
    """Names that the segmentation does not have, what is given twice, and order sizes that cannot be."""
    codes = sorted(item.item for item in demand.items)
    for code in sorted({left for left, right in pairwise(codes) if left == right}):
        yield error(
            "/demand/items", f"item '{code}' is given twice.", "demand.repeated_item", "Give each item once."
        )
    for number, item in enumerate(demand.items):
        pointer = f"/demand/items/{number}"
        yield from _unknown(pointer, "item_class", item.item_class, names[1])
        yield from _pool_contradictions(pointer, item, names)
    seen = set()
    for number, one in enumerate(demand.segments):
        pointer, key = f"/demand/segments/{number}", (one.customer_class, one.item_class, one.region)
        for field, known in zip(("customer_class", "item_class", "region"), names, strict=True):
            yield from _unknown(pointer, field, getattr(one, field), known)
        if key in seen:
            yield error(
                pointer,
                f"segment {key} is given twice.",
                "demand.repeated_segment",
                "Give each segment once.",
            )
        seen.add(key)


def _pool_contradictions(pointer: str, item: InlineItem, names: Names) -> Iterator[Finding]:
    seen = set()
    for number, pool in enumerate(item.demand):
        where, key = f"{pointer}/demand/{number}", (pool.customer_class, pool.region)
        yield from _unknown(where, "customer_class", pool.customer_class, names[0])
        yield from _unknown(where, "region", pool.region, names[2])
        if key in seen:
            what = f"demand of {key} for item '{item.item}' is given twice."
            yield error(where, what, "demand.repeated_pool", "Add the two up.")
        seen.add(key)
        if (pool.pieces_per_day > 0) != (pool.lines_per_day > 0):
            what = f"{pool.pieces_per_day:g} pieces a day in {pool.lines_per_day:g} lines a day."
            yield error(where, what, "demand.lines_and_pieces", "Give both above zero, or both zero.")
        given, least = pool.order_size_second_moment_pieces2, _squared_mean_size(pool)
        if given is not None and given < least * (1 - 1e-9):
            what = f"E[x^2] = {given:g} is below the squared mean order size {least:g}, which cannot be."
            mend = "Give the mean of the squared order sizes, or leave it out."
            yield error(f"{where}/order_size_second_moment_pieces2", what, "demand.order_size_moment", mend)
        yield from _size_contradictions(where, pool)


def _size_contradictions(where: str, pool: PoolDemand) -> Iterator[Finding]:
    """Sizes that do not add up to the demand they describe."""
    if not pool.order_sizes:
        return
    if pool.order_size_second_moment_pieces2 is not None:
        what = "order sizes and their second moment are both given."
        yield error(f"{where}/order_sizes", what, "demand.order_sizes", "Leave the second moment out.")
    shares = sum(one.share for one in pool.order_sizes)
    if abs(shares - 1) > 1e-6:
        what = f"the shares of the order sizes sum to {shares:g}."
        yield error(f"{where}/order_sizes", what, "demand.order_sizes", "Make them sum to 1.")
    mean = sum(one.share * one.pieces for one in pool.order_sizes)
    if abs(mean * pool.lines_per_day - pool.pieces_per_day) > 1e-6 * max(pool.pieces_per_day, 1e-9):
        what = (
            f"lines of {mean:g} pieces on average, {pool.lines_per_day:g} a day, are not "
            f"{pool.pieces_per_day:g} pieces a day."
        )
        yield error(f"{where}/order_sizes", what, "demand.order_sizes", "Make sizes, lines and pieces agree.")


def _unknown(pointer: str, field: str, name: str, known: tuple[str, ...]) -> Iterator[Finding]:
    if name not in known:
        what = f"'{name}' is not among {list(known)}."
        yield error(
            f"{pointer}/{field}",
            what,
            "segmentation.unknown_name",
            "Correct it, or add it to the segmentation.",
        )


def _squared_mean_size(pool: PoolDemand) -> float:
    return (pool.pieces_per_day / pool.lines_per_day) ** 2 if pool.lines_per_day else 0.0


def _item_facts(demand: InlineDemand, names: Names) -> ItemFacts:
    customers, item_classes, regions = names
    count, atoms = len(demand.items), len(customers) * len(regions)
    pieces, lines, squares = (np.zeros((count, atoms)) for _ in range(3))
    covariance = np.zeros((count, atoms, atoms))
    sizes: list[tuple[int, int, float, float]] = []
    for n, item in enumerate(demand.items):
        for pool in item.demand:
            atom = regions.index(pool.region) * len(customers) + customers.index(pool.customer_class)
            squares[n, atom] = _second_moment(pool)
            sizes += [(n, atom, one.pieces, one.share * pool.lines_per_day) for one in pool.order_sizes]
            pieces[n, atom], lines[n, atom] = pool.pieces_per_day, pool.lines_per_day
            variance = pool.variance_pieces2_per_day
            covariance[n, atom, atom] = lines[n, atom] * squares[n, atom] if variance is None else variance
    return ItemFacts(
        items=tuple(item.item for item in demand.items),
        item_class=np.array([item_classes.index(item.item_class) for item in demand.items], dtype=np.intp),
        unit_cost=np.array([item.unit_cost for item in demand.items]),
        unit_price=np.array(
            [item.unit_cost if item.unit_price is None else item.unit_price for item in demand.items]
        ),
        unit_weight_kg=np.array([item.unit_weight_kg for item in demand.items]),
        unit_volume_m3=np.array([item.unit_volume_m3 for item in demand.items]),
        pieces_per_day=pieces,
        lines_per_day=lines,
        order_size_second_moment_pieces2=np.where(lines > 0, squares, 0.0),
        covariance_pieces2_per_day=covariance,
        order_sizes=_size_facts(sizes),
    )


def _second_moment(pool: PoolDemand) -> float:
    """E[x²] of the pool's order lines: from their sizes, as given, or of lines of one size."""
    if pool.order_sizes:
        return sum(one.share * one.pieces**2 for one in pool.order_sizes)
    second = pool.order_size_second_moment_pieces2
    return _squared_mean_size(pool) if second is None else second


def _size_facts(sizes: list[tuple[int, int, float, float]]) -> SizeFacts:
    """(item, atom, pieces, lines a day) as arrays."""
    if not sizes:
        return SizeFacts()
    item, atom, pieces, lines = zip(*sizes, strict=True)
    return SizeFacts(np.array(item, np.intp), np.array(atom, np.intp), np.array(pieces), np.array(lines))


def _segment_facts(
    demand: InlineDemand, names: Names, items: ItemFacts, days_per_year: float
) -> SegmentFacts:
    shape = (len(names[0]), len(names[1]), len(names[2]))

    def by_segment(per_day: Floats) -> Floats:
        """(N, A) a day, added up to (I, J, R) a year."""
        total = np.zeros((shape[1], per_day.shape[1]))
        np.add.at(total, items.item_class, per_day)
        return total.reshape(shape[1], shape[2], shape[0]).transpose(2, 0, 1) * days_per_year

    lines, pieces = by_segment(items.lines_per_day), by_segment(items.pieces_per_day)
    weight_kg = by_segment(items.pieces_per_day * items.unit_weight_kg[:, None])
    revenue = by_segment(items.pieces_per_day * items.unit_price[:, None])
    orders, visits, customers = lines.copy(), lines.copy(), lines.copy()
    for one in demand.segments:
        at = tuple(
            known.index(name)
            for known, name in zip(names, (one.customer_class, one.item_class, one.region), strict=True)
        )
        orders[at] = lines[at] if one.orders_per_year is None else one.orders_per_year
        visits[at] = orders[at] if one.order_visits_per_year is None else one.order_visits_per_year
        customers[at] = visits[at] if one.customers is None else one.customers
    visit_weight = np.divide(weight_kg, visits, out=np.zeros(shape), where=visits > 0)
    order_value = np.divide(revenue, orders, out=np.zeros(shape), where=orders > 0)
    return SegmentFacts(
        orders_per_year=orders,
        order_visits_per_year=visits,
        lines_per_year=lines,
        pieces_per_year=pieces,
        weight_kg_per_year=weight_kg,
        revenue_per_year=revenue,
        customers=customers,
        visit_weight_kg=np.repeat(visit_weight[..., None], WEIGHT_BINS, axis=-1),
        order_value_quantiles=np.repeat(order_value[..., None], PERCENTILES, axis=-1),
    )
