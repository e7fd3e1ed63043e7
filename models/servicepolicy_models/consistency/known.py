"""A name that is used is a name that exists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter

from servicepolicy_models.complaints import nearest
from servicepolicy_models.consistency.names import ANY, PLACE_OF, defined
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.pointer import pointer
from servicepolicy_models.scenario import Scenario

Steps = tuple[str | int, ...]

Used = tuple[Steps, str, str]
"""Where (the steps of a JSON Pointer), what is named, the name."""

Known = Mapping[str, set[str]]
"""What is named -> the names that exist."""

NAMED_BY = {
    "customer_class": "customer class",
    "item_class": "item class",
    "region": "region",
    "location": "location",
    "channel": "channel",
    "process": "process",
    "mode": "mode",
    "frequency": "frequency",
    "supply": "supply option",
    "deployment": "deployment",
}
"""Field -> what its value names."""

LISTED_BY = {"customer_classes": "customer class", "item_classes": "item class"}
"""Field with a list of names -> what they name."""

MOST_SUGGESTED = 12
"""Known names that are listed when none of them looks like the unknown one."""


def names_are_known(scenario: Scenario) -> Iterator[Finding]:
    """Every class, region, location and means that is named exists; the nearest name is suggested."""
    known = {what: set(names) for what, names in defined(scenario).items()}
    for steps, what, name in _used(scenario, known):
        if name not in known[what]:
            listed = defined(scenario)[what]
            guess = nearest(name, listed)
            others = ", ".join(listed[:MOST_SUGGESTED]) + (", …" if len(listed) > MOST_SUGGESTED else "")
            mend = f'Did you mean "{guess}"?' if guess else f"Known are: {others}."
            sentence = f'The {what} "{name}" is not defined under {PLACE_OF[what]}.'
            yield error(pointer(*steps), sentence, "name.unknown", mend)


def all_names_known(scenario: Scenario) -> bool:
    """Whether `names_are_known` finds nothing; no name is compared with others that look like it."""
    known = {what: set(names) for what, names in defined(scenario).items()}
    return all(name in known[what] for _, what, name in _used(scenario, known))


def _used(scenario: Scenario, known: Known) -> Iterator[Used]:
    """Uses of names, without `*` where it is allowed, and without lists in which all names are known."""
    for list_name in ("targets", "terms", "demand_laws", "stockout_reactions", "current_policy"):
        yield from _uses((list_name,), getattr(scenario, list_name), known)
    yield from _uses(("rules", "fixed"), scenario.rules.fixed, known)
    yield from _uses(("rules", "forbidden"), scenario.rules.forbidden, known)
    for list_name in ("channels", "processes", "modes", "supply", "deployments"):
        yield from _uses((list_name,), getattr(scenario, list_name), known)
    for p, process in enumerate(scenario.processes):
        yield from _uses(("processes", p, "at"), process.at, known)
    for m, mode in enumerate(scenario.modes):
        yield from _uses(("modes", m, "lanes"), mode.lanes, known)
    for d, deployment in enumerate(scenario.deployments):
        for region, location in deployment.serves.items():
            if region != ANY:
                yield ("deployments", d, "serves", region), "region", region
            yield ("deployments", d, "serves", region), "location", location
    if isinstance(scenario.demand, InlineDemand):
        yield from _in_demand(scenario.demand, known)


def _in_demand(demand: InlineDemand, known: Known) -> Iterator[Used]:
    yield from _uses(("demand", "items"), demand.items, known)
    # Asked of all items at once: there can be a hundred thousand.
    if not _all_known(tuple(chain.from_iterable(map(attrgetter("demand"), demand.items))), known):
        for i, item in enumerate(demand.items):
            yield from _uses(("demand", "items", i, "demand"), item.demand, known)
    yield from _uses(("demand", "segments"), demand.segments, known)


def _uses(place: Steps, nouns: Sequence[Noun], known: Known) -> Iterator[Used]:
    """What the nouns of a list name, unless all is known; a default `*` or an absent name names nothing."""
    if _all_known(nouns, known):
        return
    single, listed = _naming_fields(type(nouns[0]))
    for position, noun in enumerate(nouns):
        for field, what, default in single:
            name = getattr(noun, field)
            if name is not None and not (name == ANY and default == ANY):
                yield (*place, position, field), what, name
        for field, what in listed:
            for index, name in enumerate(getattr(noun, field) or ()):
                yield (*place, position, field, index), what, name


def _all_known(nouns: Sequence[Noun], known: Known) -> bool:
    """Whether the nouns of one kind name nothing unknown: one set a field, instead of one question a name."""
    if not nouns:
        return True
    single, listed = _naming_fields(type(nouns[0]))
    for field, what, default in single:
        unknown = set(map(attrgetter(field), nouns)) - known[what]
        if unknown - ({None, ANY} if default == ANY else {None}):
            return False
    for field, what in listed:
        lists: Iterable[Iterable[str]] = filter(None, map(attrgetter(field), nouns))
        if not known[what].issuperset(chain.from_iterable(lists)):
            return False
    return True


@cache
def _naming_fields(
    kind: type[Noun],
) -> tuple[tuple[tuple[str, str, object], ...], tuple[tuple[str, str], ...]]:
    """The fields of a kind of noun that name something: what, and their default; and those with a list."""
    fields = kind.model_fields
    single = tuple((name, what, fields[name].default) for name, what in NAMED_BY.items() if name in fields)
    return single, tuple((name, what) for name, what in LISTED_BY.items() if name in fields)
