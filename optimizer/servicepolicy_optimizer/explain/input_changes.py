"""The difference between two questions, in words."""

from collections.abc import Iterator
from typing import Any

from servicepolicy_models.comparison import InputChange, InputGroup
from servicepolicy_models.noun import Noun
from servicepolicy_models.pointer import pointer
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.input_groups import ENTERED, OF_SCENARIO, group_within, is_keyed, key_of
from servicepolicy_optimizer.facts import Facts

MOST_CHANGES = 200
"""More would be read by nobody: the two scenarios themselves hold everything."""
LONGEST_QUOTE = 60

Steps = tuple[str | int, ...]


def input_changes(
    earlier: Scenario, later: Scenario, facts_before: Facts, facts_after: Facts
) -> tuple[InputChange, ...]:
    """Every difference, the fields in the order of the scenario; the demand itself is told by its totals."""
    found = list(written_changes(earlier, later))
    if facts_before.sha256 != facts_after.sha256:
        found.insert(0, _demand(facts_before, facts_after))
    rest = len(found) - MOST_CHANGES
    if rest <= 0:
        return tuple(found)
    more = InputChange(where="", group=None, sentence=f"There are {rest:,} more differences.")
    return (*found[:MOST_CHANGES], more)


def written_changes(earlier: Scenario, later: Scenario) -> Iterator[InputChange]:
    """Every difference of what is written; inline demand is not compared."""
    for name, group in OF_SCENARIO.items():
        before, after = getattr(earlier, name), getattr(later, name)
        if before == after or (name == "demand" and before.kind == after.kind == "inline"):
            continue
        if group is not None and name in ENTERED:
            yield from _within((name,), (_word(name),), before, after, group)
        else:
            yield from _plain((name,), (_word(name),), before, after, group)


def _within(
    steps: Steps, words: tuple[str, ...], before: Any, after: Any, group: InputGroup
) -> Iterator[InputChange]:
    """Differences inside a field whose parts belong to several groups."""
    if is_keyed(before) and is_keyed(after):
        old = {key_of(one): (n, one) for n, one in enumerate(before)}
        new = {key_of(one): (n, one) for n, one in enumerate(after)}
        for key in dict.fromkeys([*new, *old]):
            named = (*words, _named(key))
            if key not in old:
                yield _change((*steps, new[key][0]), group, named, "is new")
            elif key not in new:
                yield _change((*steps, old[key][0]), group, named, "is gone")
            elif old[key][1] != new[key][1]:
                yield from _within((*steps, new[key][0]), named, old[key][1], new[key][1], group)
        return
    if not (isinstance(before, Noun) and isinstance(after, Noun)):
        yield from _plain(steps, words, before, after, group)
        return
    for name in type(after).model_fields:
        a, b = getattr(before, name), getattr(after, name)
        if a != b:
            deeper = ((*steps, name), (*words, _word(name)))
            if is_keyed(a) and is_keyed(b):
                yield from _within(*deeper, a, b, group)
            else:
                yield from _plain(*deeper, a, b, group_within(name, group))


def _plain(
    steps: Steps, words: tuple[str, ...], before: Any, after: Any, group: InputGroup | None
) -> Iterator[InputChange]:
    """Differences that all belong to one group, as deep as the two have the same form."""
    if isinstance(before, Noun) and type(before) is type(after):
        for name in type(before).model_fields:
            a, b = getattr(before, name), getattr(after, name)
            if a != b:
                yield from _plain((*steps, name), (*words, _word(name)), a, b, group)
    elif isinstance(before, tuple) and isinstance(after, tuple) and _nouns(before, after):
        for n, (a, b) in enumerate(zip(before, after, strict=False)):
            if a != b:
                yield from _plain((*steps, n), (*words, _which(b, n)), a, b, group)
        for n in range(len(before), len(after)):
            yield _change((*steps, n), group, (*words, _which(after[n], n)), "is new")
        for n in range(len(after), len(before)):
            yield _change((*steps, n), group, (*words, _which(before[n], n)), "is gone")
    else:
        told = f"{_quoted(after)} instead of {_quoted(before)}"
        yield _change(steps, group, words, told)


def _nouns(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    return all(isinstance(one, Noun) for one in (*before, *after))


def _change(steps: Steps, group: InputGroup | None, words: tuple[str, ...], told: str) -> InputChange:
    sentence = f"{', '.join(words)}: {told}."
    return InputChange(where=pointer(*steps), group=group, sentence=sentence[:1].upper() + sentence[1:])


def _demand(before: Facts, after: Facts) -> InputChange:
    totals = [
        (f"{name} a year", float(old.sum()), float(new.sum()))
        for name, old, new in (
            ("pieces", before.segments.pieces_per_year, after.segments.pieces_per_year),
            ("order lines", before.segments.lines_per_year, after.segments.lines_per_year),
            ("revenue", before.segments.revenue_per_year, after.segments.revenue_per_year),
        )
    ]
    totals.append(("items", float(len(before.items.items)), float(len(after.items.items))))
    told = "; ".join(f"{name} {new:,.0f} instead of {old:,.0f}" for name, old, new in totals if old != new)
    told = told or "the same totals, spread differently over items, classes or time"
    return InputChange(where="/demand", group=InputGroup.DEMAND, sentence=f"Demand: {told}.")


def _word(name: str) -> str:
    """A field's name as words.

    >>> _word("cost_per_line")
    'cost per line'
    """
    return name.replace("_", " ")


def _named(key: tuple[str, ...]) -> str:
    return " to ".join(repr(part) for part in key)


def _which(entry: Noun, n: int) -> str:
    """An entry of a list by what it speaks of, or by its number."""
    said = [getattr(entry, name, None) for name in ("customer_class", "item_class", "region")]
    if said[0] is not None:
        return "-".join(str(one) for one in said if one is not None)
    return f"number {n + 1}"


def _quoted(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple | list):
        text = ", ".join(_quoted(one) for one in value) or "none"
    elif isinstance(value, Noun):
        said = value.model_dump(mode="json", exclude_defaults=True)
        text = ", ".join(f"{_word(name)} {one}" for name, one in said.items()) or "defaults"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
