"""The columns that keep the promises, kept by shelves and promises: freight and budgets change neither."""

from dataclasses import replace

import numpy as np

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.curves.first_columns import MadeFrom
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.promise_columns import (
    PromiseColumns,
    places_of,
    promise_columns,
    promising,
)
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.recall import NOTHING_KEPT, Packed, Part, content_key, packed, unpacked
from servicepolicy_optimizer.recall.arrays import Array

PRICES = "piece short"
"""Name under which they lie beside the columns, which have the number of their place."""


def with_promise_columns(asked: Question) -> Question:
    """The question with the columns that keep its promises, option by option, and their prices.

    Basis `every_item`: the columns are the promises themselves.
    """
    scenario = asked.scenario
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM or not scenario.limits.refinements:
        return asked
    made_from = MadeFrom(scenario, asked.room)
    additions = dict[Place, tuple[Rungs, Floats]]()
    prices = dict[tuple[str, str], dict[Segment, float]]()
    for item_class, options in asked.choices.options.items():
        found = _recalled(asked, item_class, made_from)
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
    recall = asked.known.recall
    if recall is NOTHING_KEPT:
        return promise_columns(asked, item_class)
    places = places_of(asked, item_class)
    key = content_key("promise columns", *_made_of(asked, item_class, places, made_from))
    known = recall.get(key)
    found = unpacked(known) if known else None
    if found is not None:
        at = range(len(places))
        return PromiseColumns(
            places,
            [found.arrays[f"rungs {n}"] for n in at],
            [found.arrays[f"prices {n}"] for n in at],
            found.arrays[PRICES],
        )
    made = promise_columns(asked, item_class)
    if made is not None:
        arrays: dict[str, Array] = {f"rungs {n}": one for n, one in enumerate(made.rungs)}
        arrays |= {f"prices {n}": one for n, one in enumerate(made.class_prices)}
        recall.put(key, packed(Packed(arrays | {PRICES: np.ascontiguousarray(made.piece_short)})))
    return made


def _made_of(asked: Question, item_class: str, places: list[Place], made_from: MadeFrom) -> tuple[Part, ...]:
    """Shelves with their first columns, promises, and what the solver is told."""
    targets = asked.choices.targets
    promised = [
        (*one, targets[one].fill_rate, targets[one].pieces_per_year) for one in promising(asked, item_class)
    ]
    shelves = [(*place, *made_from(place)) for place in places]
    limits = asked.scenario.limits
    return (promised, shelves, limits.seed, limits.price_levels)
