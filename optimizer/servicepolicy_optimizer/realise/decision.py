"""The master's solution with every item at a rung."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.answer.segment_service import segment_service
from servicepolicy_optimizer.answer.stock import stock_of
from servicepolicy_optimizer.choices import Segment, ServicePath, StockingOption
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.facts import Rungs
from servicepolicy_optimizer.paths.slower_promise import promised_within
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.realise.whole_items import Need, polished_class, realise_class
from servicepolicy_optimizer.refine import item_prices
from servicepolicy_optimizer.segments import cell, regions_of
from servicepolicy_optimizer.solve import MasterSolution, Prices

WHOLE = 1.0 - 1e-9
"""A column with this weight is the whole mix."""

ROUNDS = 12
"""How often a better class may be lifted over a worse one before whole columns are the better way."""

Chosen = Mapping[Place, Rungs]
"""The rung of every item on every shelf."""


@dataclass(frozen=True)
class Plan:
    """The master's solution, ready to be given whole items."""

    asked: Question
    curves: Curves
    solution: MasterSolution
    prices: Prices
    """Of the solution, means fixed."""
    options: Mapping[str, StockingOption]
    limited: bool = True
    """Whether budgets and storage bound what items may use; False where that is looked at afterwards."""


def realised(asked: Question, curves: Curves, solution: MasterSolution, prices: Prices) -> Decided | None:
    """Options and paths as solved; rungs from the columns where one column is the mix, else by price.

    None when no rungs on the ladders keep an item class's promises, or the order between classes.
    """
    plan = plan_of(asked, curves, solution, prices)
    found = _columns_as_they_are(plan)
    if found is None:
        return _by_price(plan)
    if ordered_segments(asked) or asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return decided_by(plan, list(found.values()))
    return decided_by(plan, [_polished(plan, plan.options[name], rungs) for name, rungs in found.items()])


def as_columns(asked: Question, curves: Curves, solution: MasterSolution, prices: Prices) -> Decided | None:
    """Options, paths and rungs exactly as solved, nothing given back: it uses what the columns use.

    None where any shelf mixes columns.
    """
    plan = plan_of(asked, curves, solution, prices)
    found = _columns_as_they_are(plan)
    return None if found is None else decided_by(plan, list(found.values()))


def plan_of(asked: Question, curves: Curves, solution: MasterSolution, prices: Prices) -> Plan:
    """With the options that were chosen by name."""
    return Plan(asked, curves, solution, prices, chosen_options(asked, solution))


def _columns_as_they_are(plan: Plan) -> dict[str, Chosen] | None:
    """Item class -> the rungs of its columns; None if any shelf mixes."""
    found: dict[str, Chosen] = {}
    for item_class, option in plan.options.items():
        rungs = _single_columns(plan, option)
        if rungs is None:
            return None
        found[item_class] = rungs
    return found


def _by_price(plan: Plan) -> Decided | None:
    """Whole items in every class, better classes lifted until none is served worse than a worse one."""
    least = {segment: promised_fill_rate(plan, segment) for segment in plan.asked.choices.targets}
    rungs = {name: _class_by_price(plan, option, least) for name, option in plan.options.items()}
    for _ in range(ROUNDS):
        found = [one for one in rungs.values() if one is not None]
        if len(found) < len(rungs):
            return None
        decided = decided_by(plan, found)
        lifted = _lifted(plan, decided)
        if not lifted:
            return decided
        least |= lifted
        for item_class in {segment[1] for segment in lifted}:
            rungs[item_class] = _class_by_price(plan, plan.options[item_class], least)
    return None


def decided_with(
    asked: Question, solution: MasterSolution, rungs: Chosen, price_per_piece_short: Mapping[Segment, float]
) -> Decided:
    """The solution's options and paths, with the rungs of all items."""
    return Decided(
        options=chosen_options(asked, solution),
        paths={segment: _path(asked, solution, segment) for segment in asked.choices.targets},
        rungs=rungs,
        price_per_piece_short=price_per_piece_short,
        promises=solution.promise,
    )


def chosen_options(asked: Question, solution: MasterSolution) -> dict[str, StockingOption]:
    """Item class -> the stocking option that was chosen by name."""
    return {
        item_class: next(option for option in asked.choices.options[item_class] if option.name == name)
        for item_class, name in solution.option.items()
    }


def decided_by(plan: Plan, rungs: list[Chosen]) -> Decided:
    """Options and paths as solved, with the rungs of every item class."""
    together = {place: chosen for one in rungs for place, chosen in one.items()}
    return decided_with(plan.asked, plan.solution, together, plan.prices.fill_rate)


def _path(asked: Question, solution: MasterSolution, segment: Segment) -> ServicePath:
    """The chosen path, promised as slowly as the counted promises ask."""
    deployment, number = solution.path[segment]
    path = asked.choices.paths[segment, deployment][number]
    _, hours = solution.promise.get(segment, (0.0, path.promised_response_hours))
    target = asked.choices.targets[segment]
    return promised_within(asked.scenario, asked.facts, segment, target, deployment, path, hours)


def places_by_shelf(option: StockingOption) -> dict[str, Place]:
    """Name of every shelf of the option -> its place."""
    return {shelf.name: (option.item_class, option.name, shelf.name) for shelf in option.shelves}


def _single_columns(plan: Plan, option: StockingOption) -> Chosen | None:
    """The rungs of the columns, if every shelf of the option runs on one; None if any mixes."""
    found: dict[Place, Rungs] = {}
    for place in places_by_shelf(option).values():
        used = [
            key[3] for key, weight in plan.solution.weight.items() if key[:3] == place and weight >= WHOLE
        ]
        if len(used) != 1:
            return None
        found[place] = plan.curves.rungs[place][int(used[0])]
    return found


def _class_by_price(plan: Plan, option: StockingOption, least: Mapping[Segment, float]) -> Chosen | None:
    places = places_by_shelf(option)
    shelves, others, segments = class_shelves(plan, option)
    chosen = realise_class(
        shelves,
        others,
        [need(plan.asked, segment, least[segment]) for segment in segments],
        [max(plan.prices.piece_short.get(segment, 0.0), 0.0) for segment in segments],
    )
    return None if chosen is None else {places[name]: rungs for name, rungs in chosen.items()}


def _polished(plan: Plan, option: StockingOption, rungs: Chosen) -> Chosen:
    """Whole columns keep every promise, and often a little more than that."""
    places = places_by_shelf(option)
    shelves, others, segments = class_shelves(plan, option)
    needs = [need(plan.asked, segment, promised_fill_rate(plan, segment)) for segment in segments]
    chosen = polished_class(shelves, others, needs, {name: rungs[place] for name, place in places.items()})
    return {places[name]: best for name, best in chosen.items()}


def class_shelves(
    plan: Plan, option: StockingOption
) -> tuple[dict[str, StockedShelf], dict[str, StockPrices], list[Segment]]:
    """The shelves of an item class, the prices of what else is scarce on them, and the segments that
    order.
    """
    asked, places = plan.asked, places_by_shelf(option)
    segments = [
        segment
        for segment, target in asked.choices.targets.items()
        if segment[1] == option.item_class and target.pieces_per_year > 0
    ]
    shelves = {name: asked.room.shelves[place] for name, place in places.items()}
    others = {
        name: item_prices(asked.facts, plan.prices, place[0], asked.room.location(place))
        for name, place in places.items()
    }
    return shelves, others, segments


def promised_fill_rate(plan: Plan, segment: Segment) -> float:
    """The strictest of the fill-rate target, what OTIF leaves of it on the chosen path, and a counted
    promise.
    """
    target = plan.asked.choices.targets[segment]
    deployment, number = plan.solution.path[segment]
    path = plan.asked.choices.paths[segment, deployment][number]
    fill_rate = max(target.fill_rate, plan.solution.promise.get(segment, (0.0, 0.0))[0])
    if target.otif is not None and path.on_time_probability > 0:
        fill_rate = max(fill_rate, target.otif / path.on_time_probability)
    return fill_rate


def need(asked: Question, segment: Segment, fill_rate: float) -> Need:
    """What a segment lets be short at a fill rate."""
    customer_class, _ = cell(asked.facts, segment)
    regions = tuple(int(region) for region in regions_of(asked.facts, segment))
    return Need(customer_class, regions, (1.0 - fill_rate) * asked.choices.targets[segment].pieces_per_year)


def _lifted(plan: Plan, decided: Decided) -> dict[Segment, float]:
    """Better segments served worse than one they must not be, with the fill rate that lifts them."""
    stock = stock_of(plan.asked.room, decided)
    fill = {s: segment_service(plan.asked.facts, stock, s).fill_rate for s in decided.paths}
    lifted: dict[Segment, float] = {}
    for better, worse in ordered_segments(plan.asked):
        if fill[better] < fill[worse]:
            lifted[better] = max(lifted.get(better, 0.0), fill[worse])
    return lifted


def ordered_segments(asked: Question) -> list[tuple[Segment, Segment]]:
    """(better, worse) neighbours, among segments with demand, as the scenario's rules ask."""
    scenario: Scenario = asked.scenario
    demanding = [s for s, target in asked.choices.targets.items() if target.pieces_per_year > 0]
    sides = (
        (0, scenario.segmentation.customers.classes, scenario.rules.better_customer_never_served_worse),
        (1, scenario.segmentation.items.classes, scenario.rules.better_item_never_served_worse),
    )
    pairs: list[tuple[Segment, Segment]] = []
    for side, classes, wanted in sides:
        lines: dict[tuple[str, ...], list[Segment]] = {}
        for segment in sorted(demanding, key=lambda s: classes.index(s[side])):
            lines.setdefault(segment[:side] + segment[side + 1 :], []).append(segment)
        pairs += [pair for line in lines.values() if wanted for pair in pairwise(line)]
    return pairs
