"""Columns that keep the promises at least cost, each stocking option for itself: where refining begins.

For every item class and each of its options o, as if it were chosen,

    min Σ_{h,k} cost[h,k] w[h,k]    Σ_k w[h,k] = 1 ∀ shelves h of o,    w ≥ 0
    Σ_{h,k} short[s,h,k] w[h,k] ≤ (1 − fill_target[s]) · pieces[s] ∀ segments s with a fill target

by column generation (Dantzig & Wolfe 1960), all options in one linear program. No path, budget or capacity
stands in it, so a question that differs in these has the same columns, and its own prices ask for few more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array, hstack, vstack

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.choices import ColumnSet, Segment, SegmentTarget
from servicepolicy_optimizer.curves.columns import StockPrices, pieces_short
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.curves.together import Together
from servicepolicy_optimizer.facts import Floats, Ints, Rungs
from servicepolicy_optimizer.priced_apart import MOST_CELLS, PricedApart, cells_of, priced_apart
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.refine import GOOD_ENOUGH
from servicepolicy_optimizer.segments import cell, regions_of
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome, Session
from servicepolicy_optimizer.solve.relaxation import ABOVE_EVERY_COST, NO_MISS

MOST_ROUNDS = 60
"""A bound for what does not end; a dozen are usual."""
TAKEN = 1e-9
"""Weight from which a column is part of the mix."""


@dataclass(frozen=True)
class Offer:
    """A column that a place could add."""

    place: int
    """Its number."""
    rungs: Rungs
    """(n,)"""
    class_price: Floats
    """(I,) that chose them."""
    cost: float
    """Currency a year."""
    pieces_short: Floats
    """(I, R) a year."""


@dataclass(frozen=True)
class PromiseColumns:
    """What keeps the promises of an item class, option by option."""

    places: Sequence[Place]
    rungs: Sequence[Rungs]
    """(n, K) of every place: the columns of its mix that it did not have before."""
    class_prices: Sequence[Floats]
    """(K, I) of every place: the prices on a piece short that chose them."""
    piece_short: Floats
    """(options, segments) currency a piece short: what one piece less would cost in stock alone."""
    cost: Floats
    """(options,) currency a year of the mix, without what is the same on every rung (`shelf_content`);
    infinite where it misses a promise, not a number where the rounds ended before all columns were found."""


@dataclass(frozen=True)
class _Blocks:
    """The linear program of an item class: one block an option."""

    asked: Question
    item_class: str

    @cached_property
    def places(self) -> list[Place]:
        return places_of(self.asked, self.item_class)

    @cached_property
    def block(self) -> Ints:
        """(places,) number of the option."""
        names = [option.name for option in self.asked.choices.options[self.item_class]]
        return np.array([names.index(place[1]) for place in self.places], dtype=np.intp)

    @cached_property
    def cells(self) -> list[tuple[int, Ints]]:
        """Customer class and regions of every segment."""
        facts, segments = self.asked.facts, promising(self.asked, self.item_class)
        return [(cell(facts, one)[0], regions_of(facts, one)) for one in segments]

    @cached_property
    def targets(self) -> list[SegmentTarget]:
        return [self.asked.choices.targets[one] for one in promising(self.asked, self.item_class)]

    @cached_property
    def allowed(self) -> Floats:
        """(segments,) pieces short a year."""
        return np.array([(1.0 - one.fill_rate) * one.pieces_per_year for one in self.targets])

    @property
    def options(self) -> int:
        return len(self.asked.choices.options[self.item_class])

    @property
    def rows(self) -> int:
        return len(self.places) + self.options * self.allowed.size

    def _cost(self, place: int, columns: ColumnSet) -> Floats:
        """(K,) currency a year, without what is the same on every rung (`shelf_content`): other inbound costs
        leave the program as it is, to the last bit.
        """
        storing = self.asked.room.shelves[self.places[place]].storage_cost_per_m3_year
        cost: Floats = columns.inventory_cost + storing * columns.storage_m3 + columns.lost_sales_cost
        return cost

    def _owned(self, place: int) -> float:
        """Currency a year for what is on the way, a part of what columns cost."""
        shelf = self.asked.room.shelves[self.places[place]]
        return shelf.carrying_rate_per_year * shelf.pipeline_value

    def matrix(self, place: Ints, pieces_short: Floats) -> csc_array:
        """(rows, columns) of columns at places; pieces_short: (columns, I, R) a year."""
        columns, segments = place.size, self.allowed.size
        parts = [pieces_short[:, i][:, regions].sum(axis=1) for i, regions in self.cells]
        short = np.stack(parts, axis=1) if parts else np.zeros((columns, 0))
        row = len(self.places) + self.block[place][:, None] * segments + np.arange(segments)
        number = np.broadcast_to(np.arange(columns)[:, None], short.shape)
        some = short > 0
        at = np.concatenate([place, row[some]]), np.concatenate([np.arange(columns), number[some]])
        return csc_array((np.concatenate([np.ones(columns), short[some]]), at), shape=(self.rows, columns))

    @cached_property
    def first_columns(self) -> list[ColumnSet]:
        """Of every place."""
        return [self.asked.curves.columns[place] for place in self.places]

    @cached_property
    def place_of_first(self) -> Ints:
        """Number of the place of each of them."""
        return np.repeat(np.arange(len(self.places)), [one.size for one in self.first_columns])

    def problem(self) -> Arrays:
        """With the first columns of every place; then what is missed, by option and segment."""
        sets, place = self.first_columns, self.place_of_first
        stock = self.matrix(place, np.concatenate([one.pieces_short for one in sets]))
        cost = np.concatenate([self._cost(n, one) for n, one in enumerate(sets)])
        missed = self.rows - len(self.places)
        yielding = vstack([csc_array((len(self.places), missed)), -eye_array(missed)], format="csc")
        largest = abs(stock).max(axis=1).toarray().ravel()[len(self.places) :]
        price = ABOVE_EVERY_COST * np.abs(cost).max(initial=1.0) / np.where(largest > 0, largest, 1.0)
        size, whole = cost.size + missed, np.ones(len(self.places))
        return Arrays(
            cost=np.concatenate([cost, price]),
            constant=0.0,
            matrix=csc_array(hstack([stock, yielding], format="csc")),
            row_lower=np.concatenate([whole, np.full(missed, -np.inf)]),
            row_upper=np.concatenate([whole, np.tile(self.allowed, self.options)]),
            lower=np.zeros(size),
            upper=np.full(size, np.inf),
            integral=np.zeros(size, dtype=bool),
            rows=tuple(("row", n) for n in range(self.rows)),
            columns=tuple(("column", n) for n in range(size)),
        )

    def prices(self, row_prices: Floats) -> tuple[Floats, Floats]:
        """(places,) of a whole shelf, and (options, segments) of a piece short."""
        end = len(self.places)
        return row_prices[:end], np.maximum(-row_prices[end:].reshape(self.options, -1), 0.0)

    def short_prices(self, price: Floats) -> StockPrices:
        """A price (segments,) as a shelf sees it."""
        facts = self.asked.facts
        short = np.zeros((len(facts.customer_classes), len(facts.regions)))
        for (customer_class, regions), one in zip(self.cells, price.tolist(), strict=True):
            short[customer_class, regions] += one
        return StockPrices(short)

    def offers(self, row_prices: Floats, open_blocks: NDArray[np.bool_]) -> tuple[list[Offer], Floats]:
        """The best column of every place of an open block, and (options,) what each could still fall by."""
        whole, piece_short = self.prices(row_prices)
        gain, found = np.zeros(self.options), list[Offer]()
        seen = {
            number: self.short_prices(piece_short[number]) for number in np.flatnonzero(open_blocks).tolist()
        }
        block = dict(zip(self.places, self.block.tolist(), strict=True))
        asked = {place: seen[number] for place, number in block.items() if number in seen}
        together = self.together.cheapest(
            {place: price for place, price in asked.items() if place not in self.apart}
        )
        least = {place: (one.of_rungs, one.rungs) for place, one in together.items()}
        for place in asked.keys() & self.apart.keys():
            least[place] = self.apart[place].cheapest(piece_short[block[place]])
        for n, place in enumerate(self.places):
            if place not in least:
                continue
            of_rungs, rungs = least[place]
            gained = whole[n] - (of_rungs + self._owned(n))
            if gained > 0:
                gain[block[place]] += gained
                found.append(self._offer(n, of_rungs, rungs, asked[place].short))
        return found, gain

    @cached_property
    def together(self) -> Together:
        """The shelves of the class, laid together where those of the whole question are too many for that."""
        room = self.asked.room
        if room.together.laid_places:
            return room.together
        return Together({place: room.shelves[place] for place in self.places})

    @cached_property
    def apart(self) -> dict[Place, PricedApart]:
        """The shelves of which every rung is asked, where that is little to write down."""
        shelves = {place: self.asked.room.shelves[place] for place in self.places}
        cells = {place: cells_of(shelf, len(self.cells)) for place, shelf in shelves.items()}
        if not self.cells or sum(cells.values()) > MOST_CELLS:
            return {}
        return {place: priced_apart(shelves[place], self.cells) for place, size in cells.items() if size}

    def _offer(self, place: int, of_rungs: float, rungs: Rungs, price: Floats) -> Offer:
        short = pieces_short(self.asked.room.shelves[self.places[place]], rungs)
        cost = of_rungs + self._owned(place) - float((price * short).sum())
        return Offer(place, rungs, price.max(axis=1), cost, short)

    def cost(self, weights: Floats, cost: Floats, place: Ints, missed: Floats) -> Floats:
        """(options,) currency a year of weights of columns, each with its cost and the number of its place;
        missed: (options · segments,) pieces a year.
        """
        pieces = np.array([one.pieces_per_year for one in self.targets])
        misses = (missed.reshape(self.options, -1) > NO_MISS * pieces).any(axis=1)
        total = np.bincount(self.block[place], weights * cost, self.options)
        return np.where(misses, np.inf, total)

    def objective(self, row_prices: Floats) -> Floats:
        """(options,) currency a year."""
        whole, piece_short = self.prices(row_prices)
        total: Floats = np.bincount(self.block, whole, self.options) - piece_short @ self.allowed
        return total


def promise_columns(asked: Question, item_class: str) -> PromiseColumns | None:
    """The columns of an item class; None where the solver did not end in time.

    Basis `segment`, and a question that has its first columns.
    """
    blocks = _Blocks(asked, item_class)
    problem, added = blocks.problem(), list[Offer]()
    session = Session(problem, asked.scenario.limits)
    open_blocks = np.ones(blocks.options, dtype=bool)
    for _ in range(MOST_ROUNDS):
        found = session.run()
        if found.held is not Held.OPTIMAL or found.row_prices is None:
            return None
        offers, gain = blocks.offers(found.row_prices, open_blocks)
        open_blocks &= gain > GOOD_ENOUGH * np.abs(blocks.objective(found.row_prices))
        offers = [one for one in offers if open_blocks[blocks.block[one.place]]]
        if not offers:
            break
        places, short = (
            np.array([one.place for one in offers]),
            np.stack([one.pieces_short for one in offers]),
        )
        session.add_columns(np.array([one.cost for one in offers]), blocks.matrix(places, short))
        added += offers
    return _taken(blocks, found, added, problem.cost, open_blocks)


def _taken(
    blocks: _Blocks, found: Outcome, added: list[Offer], cost: Floats, unended: NDArray[np.bool_]
) -> PromiseColumns | None:
    """The added columns that are in the mix of the last solution, place by place, and what the mix costs.

    cost: of the first columns and of what is missed; unended: (options,) better columns are known.
    """
    if found.values is None or found.row_prices is None:
        return None
    mix, first = blocks.place_of_first.size, cost.size
    added = added[: found.values.size - first]
    weights = found.values[first:].tolist()
    rungs, prices = list[Rungs](), list[Floats]()
    for n, place in enumerate(blocks.places):
        own = [one for one, weight in zip(added, weights, strict=True) if one.place == n and weight > TAKEN]
        items = blocks.asked.room.shelves[place].items
        none = np.zeros((items.rows.size, 0), np.uint8), np.zeros((0, items.pieces.shape[1]))
        rungs.append(np.stack([one.rungs for one in own], axis=1) if own else none[0])
        prices.append(np.stack([one.class_price for one in own]) if own else none[1])
    of_mix = blocks.cost(
        np.concatenate([found.values[:mix], found.values[first:]]),
        np.concatenate([cost[:mix], [one.cost for one in added]]),
        np.concatenate([blocks.place_of_first, [one.place for one in added]]).astype(np.intp),
        found.values[mix:first],
    )
    of_mix[unended] = np.nan
    return PromiseColumns(blocks.places, rungs, prices, blocks.prices(found.row_prices)[1], of_mix)


def places_of(asked: Question, item_class: str) -> list[Place]:
    """Every shelf of every option of an item class."""
    options = asked.choices.options[item_class]
    return [(item_class, option.name, shelf.name) for option in options for shelf in option.shelves]


def promising(asked: Question, item_class: str) -> list[Segment]:
    """The segments of an item class with demand and a fill target."""
    return [
        segment
        for segment, target in asked.choices.targets.items()
        if segment[1] == item_class and target.pieces_per_year > 0 and target.fill_rate > 0
    ]
