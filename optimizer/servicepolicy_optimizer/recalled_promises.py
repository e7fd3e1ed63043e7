"""The columns that keep the promises, kept by shelves and promises: freight and budgets change neither."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import ColumnSet, Segment
from servicepolicy_optimizer.curves.columns import columns_of
from servicepolicy_optimizer.curves.first_columns import MadeFrom, first_columns
from servicepolicy_optimizer.curves.item_curves import joined
from servicepolicy_optimizer.curves.shelf_content import same_on_every_rung
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.promise_columns import (
    PromiseColumns,
    places_of,
    promise_columns,
    promising,
)
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.recall import Part, recalled, recalled_where_made
from servicepolicy_optimizer.recall.arrays import Array

PRICES, COST = "piece short", "cost"
"""Names under which they lie beside the columns, which have the number of their place."""


def with_promise_columns(asked: Question) -> Question:
    """The question with the columns that keep its promises, option by option, and their prices.

    Basis `every_item`: the columns are the promises themselves.
    """
    found, made_from = columns_by_promises(asked), MadeFrom(asked.scenario, asked.room)
    additions = {
        place: (columns, rungs)
        for item_class, of_class in found.items()
        for place, columns, rungs in zip(
            of_class.places,
            _as_columns(of_class, _Content(asked, item_class, made_from)),
            of_class.rungs,
            strict=True,
        )
        if columns.size
    }
    return with_prices_of(asked.with_curves(asked.curves.with_columns(additions)), found)


def with_prices_of(asked: Question, found: Mapping[str, PromiseColumns]) -> Question:
    """The question with what a piece less short costs in stock alone."""
    prices = dict[tuple[str, str], dict[Segment, float]]()
    for item_class, of_class in found.items():
        segments, options = promising(asked, item_class), asked.choices.options[item_class]
        for option, of_option in zip(options, of_class.piece_short.tolist(), strict=True):
            prices[item_class, option.name] = dict(zip(segments, of_option, strict=True))
    return replace(asked, short_price=prices)


def columns_by_promises(asked: Question) -> dict[str, PromiseColumns]:
    """Item class -> the columns that keep its promises; without classes whose program did not end in time.

    They are found from the first columns, whatever others the question has by now: these depend on what was
    asked before. None where columns are the promises themselves, or are not to be refined.
    """
    scenario, known = asked.scenario, asked.known
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM or not scenario.limits.refinements:
        return {}
    from_first = asked.with_curves(first_columns(scenario, asked.room, known.columns, known.recall))
    made_from = MadeFrom(scenario, asked.room)
    contents = [_Content(from_first, item_class, made_from) for item_class in asked.choices.options]
    recalled = {content.item_class: _recalled(content) for content in contents}
    return {item_class: found for item_class, found in recalled.items() if found is not None}


@dataclass(frozen=True)
class _Content:
    """What the columns of an item class are computed from."""

    asked: Question
    item_class: str
    made_from: MadeFrom

    @cached_property
    def places(self) -> list[Place]:
        return places_of(self.asked, self.item_class)

    @cached_property
    def told(self) -> tuple[Part, ...]:
        return _told(self.asked, self.item_class)

    def parts(self) -> tuple[Part, ...]:
        """The content itself."""
        shelves = self.asked.room.shelves
        return (*self.told, [shelves[place].content for place in self.places])

    def known_as(self) -> tuple[Part, ...]:
        """What it is made from."""
        return (*self.told, [self.made_from(place) for place in self.places])


def _recalled(content: _Content) -> PromiseColumns | None:
    """`promise_columns`; made where they are not known, and kept where they were made in time."""
    at = range(len(content.places))

    def arrays() -> dict[str, Array] | None:
        made = promise_columns(content.asked, content.item_class)
        if made is None:
            return None
        named = {f"rungs {n}": np.ascontiguousarray(made.rungs[n]) for n in at}
        prices = {f"prices {n}": made.class_prices[n] for n in at}
        return {**named, **prices, PRICES: np.ascontiguousarray(made.piece_short), COST: made.cost}

    found = recalled_where_made(
        content.asked.known.recall, "promise columns", content.parts, arrays, content.known_as
    )
    if found is None:
        return None
    rungs, prices = [found[f"rungs {n}"] for n in at], [found[f"prices {n}"] for n in at]
    return PromiseColumns(content.places, rungs, prices, found[PRICES], found[COST])


def _as_columns(found: PromiseColumns, content: _Content) -> list[ColumnSet]:
    """What these rungs cost, take and give, place by place. What is the same on every rung is added
    afterwards, as for first columns.
    """
    shelves = [content.asked.room.shelves[place] for place in found.places]

    def arrays() -> dict[str, Array]:
        made = joined(list(map(columns_of, shelves, found.rungs, found.class_prices)))
        return {one.name: getattr(made, one.name) for one in fields(made)}

    of_all = recalled(
        content.asked.known.recall, "columns by promises", content.parts, arrays, content.known_as
    )
    ends = np.cumsum([0, *(one.shape[1] for one in found.rungs)]).tolist()
    of_places = []
    for shelf, first, end in zip(shelves, ends, ends[1:], strict=False):
        own: dict[str, Any] = {name: array[first:end] for name, array in of_all.items()}
        same = same_on_every_rung(shelf.items, shelf.storage_cost_per_m3_year, own["storage_m3"])
        of_places.append(ColumnSet(**{**own, **same}))
    return of_places


def _told(asked: Question, item_class: str) -> tuple[Part, ...]:
    """Promises, what the options are made of, and what the solver and the first columns are told.

    Whether a shelf is priced with others, too: its sums are the same but for their last digits.
    """
    targets, limits = asked.choices.targets, asked.scenario.limits
    promised = [
        (*one, targets[one].fill_rate, targets[one].pieces_per_year) for one in promising(asked, item_class)
    ]
    places, together = places_of(asked, item_class), asked.room.together.laid_places
    made_of = [(asked.room.keys[place][-1], place in together) for place in places]
    names = asked.facts.customer_classes, asked.facts.regions
    return (promised, places, made_of, names, limits.seed, limits.price_levels)
