"""The columns that keep the promises, kept by shelves and promises: freight and budgets change neither."""

from dataclasses import replace

import numpy as np

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.curves.first_columns import MadeFrom, first_columns
from servicepolicy_optimizer.curves.shelf_content import shelf_content
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.promise_columns import (
    PromiseColumns,
    places_of,
    promise_columns,
    promising,
)
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.recall import Part, recalled_where_made
from servicepolicy_optimizer.recall.arrays import Array

PRICES = "piece short"
"""Name under which they lie beside the columns, which have the number of their place."""


def with_promise_columns(asked: Question) -> Question:
    """The question with the columns that keep its promises, option by option, and their prices.

    They are found from the first columns, whatever others the question has by now: these depend on what was
    asked before. Basis `every_item`: the columns are the promises themselves.
    """
    scenario, known = asked.scenario, asked.known
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM or not scenario.limits.refinements:
        return asked
    from_first = asked.with_curves(first_columns(scenario, asked.room, known.columns, known.recall))
    made_from = MadeFrom(scenario, asked.room)
    additions = dict[Place, tuple[Rungs, Floats]]()
    prices = dict[tuple[str, str], dict[Segment, float]]()
    for item_class, options in asked.choices.options.items():
        found = _recalled(from_first, item_class, made_from)
        if found is None:
            continue
        columns = zip(found.places, found.rungs, found.class_prices, strict=True)
        additions |= {place: (rungs, price) for place, rungs, price in columns if rungs.shape[1]}
        segments = promising(asked, item_class)
        for option, of_option in zip(options, found.piece_short.tolist(), strict=True):
            prices[item_class, option.name] = dict(zip(segments, of_option, strict=True))
    return replace(asked.with_curves(asked.curves.with_rungs(asked.room, additions)), short_price=prices)


def _recalled(asked: Question, item_class: str, made_from: MadeFrom) -> PromiseColumns | None:
    """`promise_columns`; made where they are not known, and kept where they were made in time."""
    places, shelves = places_of(asked, item_class), asked.room.shelves
    at = range(len(places))

    def arrays() -> dict[str, Array] | None:
        made = promise_columns(asked, item_class)
        if made is None:
            return None
        named = {f"rungs {n}": np.ascontiguousarray(made.rungs[n]) for n in at}
        prices = {f"prices {n}": made.class_prices[n] for n in at}
        return {**named, **prices, PRICES: np.ascontiguousarray(made.piece_short)}

    told = _told(asked, item_class)
    found = recalled_where_made(
        asked.known.recall,
        "promise columns",
        lambda: (*told, [shelf_content(shelves[place]) for place in places]),
        arrays,
        lambda: (*told, [made_from(place) for place in places]),
    )
    if found is None:
        return None
    rungs, prices = [found[f"rungs {n}"] for n in at], [found[f"prices {n}"] for n in at]
    return PromiseColumns(places, rungs, prices, found[PRICES])


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
