"""A name stands for one thing."""

from collections.abc import Hashable, Iterator, Sequence
from operator import attrgetter

from servicepolicy_models.consistency.names import ANY, PLACE_OF, defined
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario

pool_of = attrgetter("customer_class", "region")

Listed = tuple[str, str, Sequence[Hashable]]
"""What is listed, the JSON Pointer of the list, and by what its entries are told apart."""


def names_are_unique(scenario: Scenario) -> Iterator[Finding]:
    """Nothing is said twice: no two means, regions, items, lanes or reactions answer to the same name."""
    for what, place, names in (*_lists(scenario), *_nested(scenario), *_demand(scenario)):
        if len(set(names)) < len(names):
            yield from _repeated(what, place, names)
    yield from _region_values(scenario)


def names_are_free(scenario: Scenario) -> Iterator[Finding]:
    """`*` stands for every name and can be nobody's own."""
    for what, names in defined(scenario).items():
        for position, name in enumerate(names):
            if name == ANY:
                where = f"{PLACE_OF[what]}/{position}"
                yield error(where, f'A {what} is named "*".', "name.reserved", "Give it a name of its own.")


def _repeated(what: str, place: str, names: Sequence[Hashable]) -> Iterator[Finding]:
    first_at: dict[Hashable, int] = {}
    for position, name in enumerate(names):
        first = first_at.setdefault(name, position)
        if first != position:
            yield _again(what, name, f"{place}/{first}", f"{place}/{position}")


def _again(what: str, name: Hashable, first: str, where: str) -> Finding:
    said = " / ".join(map(str, name)) if isinstance(name, tuple) else name
    sentence = f'The {what} "{said}" is already given at {first}.'
    return error(where, sentence, "name.duplicate", "Give each a name of its own, or drop one.")


def _lists(scenario: Scenario) -> Iterator[Listed]:
    for what, names in defined(scenario).items():
        yield what, PLACE_OF[what], names
    yield "stock policy", "/stock_policies", [policy.value for policy in scenario.stock_policies]
    reactions = scenario.stockout_reactions
    yield "stockout reaction", "/stockout_reactions", [one.customer_class for one in reactions]


def _nested(scenario: Scenario) -> Iterator[Listed]:
    for position, process in enumerate(scenario.processes):
        yield "location", f"/processes/{position}/at", [one.location for one in process.at]
    for position, mode in enumerate(scenario.modes):
        yield "lane", f"/modes/{position}/lanes", [(lane.location, lane.region) for lane in mode.lanes]


def _region_values(scenario: Scenario) -> Iterator[Finding]:
    first_at: dict[str, str] = {}
    for r, region in enumerate(scenario.segmentation.regions):
        for v, value in enumerate(region.values):
            where = f"/segmentation/regions/{r}/values/{v}"
            first = first_at.setdefault(value, where)
            if first != where:
                yield _again("region value", value, first, where)


def _demand(scenario: Scenario) -> Iterator[Listed]:
    demand = scenario.demand
    if not isinstance(demand, InlineDemand):
        return
    yield "item", "/demand/items", [item.item for item in demand.items]
    for position, item in enumerate(demand.items):
        # Told apart here already: what is told of a hundred thousand items that are fine takes time.
        if len(set(map(pool_of, item.demand))) < len(item.demand):
            yield "demand", f"/demand/items/{position}/demand", list(map(pool_of, item.demand))
    segments = [(one.customer_class, one.item_class, one.region) for one in demand.segments]
    yield "segment", "/demand/segments", segments
