"""Is 3x3 right? Cut-offs and numbers of classes, by what the policy then costs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from math import comb

from servicepolicy_models.class_search import ClassesAsked, Classing, ClassSearch, ServiceHeld
from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Measure
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.explain.asking import Reply, ask
from servicepolicy_optimizer.explain.free_items import free_item_bound
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.reclassed import CutOffs, reclassed, side
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.question import Tell
from servicepolicy_optimizer.targets import resolve_targets

Cuts = tuple[CutOffs, CutOffs]
"""Cut-offs of customers and of items."""

NOTICED = 1e-6
"""Share of the cost below which one classing is no better than another."""


class ClassesRejected(ServicePolicyError):
    """The classes of this scenario cannot be cut anew."""

    code = "classes.rejected"


@dataclass
class _Tried:
    """Every classing that was solved."""

    scenario: Scenario
    asked: ClassesAsked
    read: Callable[[Scenario], Facts]
    tell: Tell
    expected: int
    targets: dict[Segment, SegmentTarget] = field(default_factory=dict)
    """What today's segments are promised."""
    memory: Memory = field(default_factory=Memory)
    found: dict[Cuts, Classing] = field(default_factory=dict)
    bound: float | None = None
    solved: Callable[[], None] = lambda: None
    """Called after every classing."""

    @property
    def room(self) -> bool:
        """Whether another one may be solved."""
        return len(self.found) < self.asked.most_solves

    def cost(self, cuts: Cuts) -> float:
        """Cost of a classing, infinite where it has no policy; solved once."""
        if cuts not in self.found:
            self.tell("classings", min(len(self.found) / self.expected, 1.0), _words(cuts))
            self.found[cuts] = self._solved(cuts)
            self.solved()
        cost = self.found[cuts].cost
        return float("inf") if cost is None else cost

    def _solved(self, cuts: Cuts) -> Classing:
        cut = self.scenario.segmentation
        sides = (side(cut.customers, cuts[0]), side(cut.items, cuts[1]))
        reply = self._asked(reclassed(self.scenario, self._today(), sides, self.asked))
        if reply.settled is not None and cuts == _of_today(self.scenario):
            self.bound = free_item_bound(reply.settled.question)
        return Classing(
            customer_cut_offs=cuts[0],
            item_cut_offs=cuts[1],
            customer_classes=len(cuts[0]) + 1,
            item_classes=len(cuts[1]) + 1,
            cost=reply.objective,
            why=reply.why,
        )

    def _today(self) -> dict[Segment, SegmentTarget]:
        if not self.targets:
            self.targets = dict(resolve_targets(self.scenario, self.read(self.scenario)))
        return self.targets

    def _asked(self, scenario: Scenario) -> Reply:
        try:
            facts = self.read(scenario)
        except ServicePolicyError as refused:
            return Reply(None, refused.findings[0].what if refused.findings else str(refused))
        return ask(scenario, facts, self.memory)


Keep = Callable[[ClassSearch], None]
"""Is handed the best classing so far, should there be no time for more."""


def search_classes(
    scenario: Scenario,
    read: Callable[[Scenario], Facts],
    asked: ClassesAsked,
    tell: Tell,
    *,
    keep: Keep | None = None,
) -> ClassSearch:
    """The cheapest classing found, and what today's loses against it and against free items.

    read: the facts of a scenario with other cut-offs. Raises ClassesRejected for classes that are not cut
    by a ranking, and when today's classes have no policy.
    """
    findings = list(_misfits(scenario, asked))
    if findings:
        raise ClassesRejected(findings)
    today = _of_today(scenario)
    grids = tuple(tuple(sorted({*asked.grid, *cuts})) for cuts in today)
    most = (asked.most_customer_classes, asked.most_item_classes)
    size = _size(len(grids[0]), most[0]) * _size(len(grids[1]), most[1])
    all_of_them = size <= asked.most_solves
    tried = _Tried(scenario, asked, read, tell, min(size, asked.most_solves))
    if tried.cost(today) == float("inf"):
        mend = "Mend the scenario first; `servicepolicy solve` says what contradicts what."
        raise ClassesRejected([error("/", tried.found[today].why, "classes.no_policy", mend)])
    if keep is not None:
        tried.solved = lambda: keep(_answer(tried, today, size, "it was stopped"))
    if all_of_them:
        for cuts in product(_choices(grids[0], most[0]), _choices(grids[1], most[1])):
            tried.cost(cuts)
        stopped = ""
    else:
        stopped = _coordinate_search(tried, today, grids, most)
    return _answer(tried, today, size, stopped)


def _misfits(scenario: Scenario, asked: ClassesAsked) -> Iterator[Finding]:
    cut = scenario.segmentation
    for name, one in (("customers", cut.customers), ("items", cut.items)):
        if one.measure in (Measure.GIVEN, Measure.NONE):
            what = f"The classes of {name} are {one.measure.value}; there is no ranking to cut."
            mend = "Rank them by revenue, pieces, lines or margin."
            yield error(f"/segmentation/{name}/measure", what, "classes.no_ranking", mend)
    most = (asked.most_customer_classes, asked.most_item_classes)
    for name, classification, number in zip(
        ("customer", "item"), (cut.customers, cut.items), most, strict=True
    ):
        if len(classification.classes) > number:
            what = f"The scenario has {len(classification.classes)} {name} classes, more than {number}."
            mend = "Allow at least as many as there are today."
            yield error(f"/most_{name}_classes", what, "classes.too_few", mend)
    kinds = {
        target.cycle_service_level is not None
        for target in scenario.targets
        if target.cycle_service_level is not None or target.fill_rate is not None
    }
    if len(kinds) > 1:
        what = "Some segments are promised fill rates and others cycle service: neither is the stricter."
        mend = "Promise one of the two to all."
        yield error("/targets", what, "classes.two_kinds_of_fill", mend)


def _of_today(scenario: Scenario) -> Cuts:
    return scenario.segmentation.customers.cut_offs, scenario.segmentation.items.cut_offs


def _size(grid: int, most: int) -> int:
    """Ways to cut one side into 1 .. most classes."""
    return sum(comb(grid, cuts) for cuts in range(most))


def _choices(grid: tuple[float, ...], most: int) -> Iterator[CutOffs]:
    for count in range(most):
        yield from combinations(grid, count)


def _coordinate_search(
    tried: _Tried, today: Cuts, grids: tuple[tuple[float, ...], ...], most: tuple[int, int]
) -> str:
    """Coarsenings of today first; then, from the best, one cut-off at a time. Returns why it ended early."""
    customers, items = (list(_choices(one, len(one) + 1)) for one in today)
    finest_first = sorted(product(customers, items), key=lambda cuts: -len(cuts[0]) - len(cuts[1]))
    for cuts in finest_first:
        if not tried.room:
            return "the cap on solves was reached"
        tried.cost(cuts)
    best = min(tried.found, key=tried.cost)
    while True:
        moved = best
        for number in (0, 1):
            for changed in _neighbours(moved[number], grids[number], most[number]):
                if not tried.room:
                    return "the cap on solves was reached"
                tried.cost((changed, moved[1]) if number == 0 else (moved[0], changed))
            moved = min(tried.found, key=tried.cost)
        if tried.cost(moved) >= tried.cost(best) * (1 - NOTICED):
            return ""
        best = moved


def _neighbours(cuts: CutOffs, grid: tuple[float, ...], most: int) -> Iterator[CutOffs]:
    """One cut-off added, dropped, or moved to the next free grid point.

    >>> list(_neighbours((0.2,), (0.1, 0.2, 0.5), 2))
    [(), (0.1,), (0.5,)]
    """
    for cut in cuts:
        yield tuple(one for one in cuts if one != cut)
    if len(cuts) + 1 < most:
        for new in grid:
            if new not in cuts:
                yield tuple(sorted((*cuts, new)))
    for cut in cuts:
        place = grid.index(cut)
        for near in (place - 1, place + 1):
            if 0 <= near < len(grid) and grid[near] not in cuts:
                yield tuple(sorted((*(one for one in cuts if one != cut), grid[near])))


def _answer(tried: _Tried, today: Cuts, size: int, stopped: str) -> ClassSearch:
    scenario, asked = tried.scenario, tried.asked
    best = min(tried.found, key=lambda cuts: (tried.cost(cuts), len(cuts[0]) + len(cuts[1])))
    if tried.cost(today) <= tried.cost(best) * (1 + NOTICED):
        best = today
    own, least = tried.cost(today), tried.cost(best)
    enumerated = len(tried.found) >= size
    by_number: dict[tuple[int, int], Classing] = {}
    for one in tried.found.values():
        key = (one.customer_classes, one.item_classes)
        if key not in by_number or (one.cost or float("inf")) < (by_number[key].cost or float("inf")):
            by_number[key] = one
    bound = tried.bound
    return ClassSearch(
        scenario=scenario.name,
        currency=scenario.currency,
        service=asked.service,
        how_compared=HOW_COMPARED[asked.service],
        today=tried.found[today],
        best=tried.found[best],
        by_number=tuple(by_number[key] for key in sorted(by_number)),
        loss=own - least,
        item_level_bound=bound,
        item_level_loss=None if bound is None else max(own - bound, 0.0),
        method="enumeration" if enumerated else "coordinate_search",
        classings_on_grid=size,
        solves=len(tried.found),
        proved=_proved(scenario, enumerated, (len(tried.found), size), stopped),
        sentence=_sentence(scenario, (today, best), (own, least), bound),
    )


HOW_COMPARED = {
    ServiceHeld.KEPT: "Nobody is promised less than today: a class gets the strictest promise of its "
    "members.",
    ServiceHeld.PRICED: "Fill rates are not promised but priced, so every class gets the fill rate that "
    "costs least; response times stay as strict as today. Costs include what pieces short cost.",
}


def _proved(scenario: Scenario, enumerated: bool, counts: tuple[int, int], stopped: str) -> str:
    gap = f"each solved to a gap of {scenario.limits.relative_gap:g} of its own model"
    if enumerated:
        return (
            f"All {counts[1]:,} classings on this grid were solved, {gap}: none of them is cheaper. Cut-offs "
            "between the grid's were not tried."
        )
    end = (
        f"It ended because {stopped}."
        if stopped
        else "No single change of a cut-off lowers the cost further."
    )
    return (
        f"{counts[0]:,} of {counts[1]:,} classings on this grid were solved, {gap}. {end} That no other is "
        "cheaper is not proved."
    )


def _sentence(
    scenario: Scenario, cuts: tuple[Cuts, Cuts], costs: tuple[float, float], bound: float | None
) -> str:
    (today, best), (own, least), currency = cuts, costs, scenario.currency
    name = f"{len(today[0]) + 1}x{len(today[1]) + 1}"
    if best == today:
        first = f"{name} as it is cut today is the cheapest classing found: {own:,.0f} {currency} a year."
    else:
        first = (
            f"{name} as it is cut today costs {own:,.0f} {currency} a year; {_words(best)} costs "
            f"{least:,.0f}, {own - least:,.0f} less ({100 * (own - least) / own:.2f} %)."
        )
    if bound is None:
        return f"{first} No bound for items on their own could be computed."
    lost = max(own - bound, 0.0)
    return (
        f"{first} If every item were stocked in its own way, today's promises could not cost less than "
        f"{bound:,.0f}: classes lose at most {lost:,.0f} ({100 * lost / own:.2f} %)."
    )


def _words(cuts: Cuts) -> str:
    """A classing as a person says it.

    >>> _words(((0.05, 0.2), ()))
    '3x1 (customers cut at 5 % and 20 %; items not cut)'
    """

    def told(one: CutOffs) -> str:
        return f"cut at {' and '.join(f'{100 * cut:.4g} %' for cut in one)}" if one else "not cut"

    return f"{len(cuts[0]) + 1}x{len(cuts[1]) + 1} (customers {told(cuts[0])}; items {told(cuts[1])})"
