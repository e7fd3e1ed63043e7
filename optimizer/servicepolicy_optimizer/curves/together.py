"""Shelves laid one after the other, and priced together: many small ones take as long as one large one.

A question of ninety shelves with a dozen items each spends its time in calling, not in computing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from servicepolicy_optimizer.curves.cheapest_rungs import cheapest_rungs, constant_at
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices
from servicepolicy_optimizer.curves.envelope import Envelope, envelope
from servicepolicy_optimizer.facts import Floats, Ints, Rungs

Place = tuple[str, str, str]
"""See `stockroom`."""

MOST_CELLS = 1_000_000
"""Items times rungs that are laid together, in tables of doubles; shelves beyond are priced one by one."""

MOST_LAID = 2
"""Sets of shelves whose tables are kept: a scenario shares one with its baselines, but the means in force."""

Laid = dict[tuple[tuple[Place, int], ...], "_Laid"]
"""Places and their shelves, by object -> their tables."""


@dataclass(frozen=True)
class Least:
    """The best rungs of a shelf at some prices."""

    cost: float
    """Currency a year, with what is used charged at the prices (`lagrangian`)."""
    of_rungs: float
    """The same without what no rung changes."""
    rungs: Rungs
    """(n,)"""


@dataclass(frozen=True)
class Together:
    """Shelves by place; those with an envelope and the same number of rungs are laid together."""

    shelves: Mapping[Place, StockedShelf]
    laid: Laid = field(default_factory=dict)
    """What was laid together before; what is new joins it."""

    def cheapest(self, prices: Mapping[Place, StockPrices]) -> dict[Place, Least]:
        """Of every place that has prices, in the order of these: `curves.cheapest_rungs.cheapest`."""
        found: dict[Place, Least] = {}
        if self._laid is not None:
            found = self._laid.cheapest(prices)
        return {
            place: found[place] if place in found else _alone(self.shelves[place], at)
            for place, at in prices.items()
        }

    @property
    def laid_places(self) -> frozenset[Place]:
        """Those that are priced together. What a shelf comes to there does not depend on the others, but the
        last digits of its sums are not those of the shelf by itself.
        """
        return frozenset(() if self._laid is None else self._laid.places)

    @cached_property
    def _laid(self) -> "_Laid | None":
        alike, cells = list[Place](), 0
        for place, shelf in self.shelves.items():
            rungs = shelf.rungs.rungs
            same = not alike or rungs == self.shelves[alike[0]].rungs.rungs
            if shelf.items.rows.size and same and shelf.has_envelope:
                cells += shelf.items.rows.size * rungs
                if cells > MOST_CELLS:
                    return None
                alike.append(place)
        if len(alike) < 2:
            return None
        # Of objects that are known: what is laid holds them, so no other has their number.
        which = tuple((place, id(self.shelves[place])) for place in alike)
        if which not in self.laid:
            while len(self.laid) >= MOST_LAID:
                self.laid.pop(next(iter(self.laid)))
            self.laid[which] = _Laid(alike, [self.shelves[place] for place in alike])
        return self.laid[which]


def _alone(shelf: StockedShelf, prices: StockPrices) -> Least:
    of_rungs, rungs = cheapest_rungs(shelf, prices)
    return Least(constant_at(shelf, prices) + of_rungs, of_rungs, rungs)


@dataclass(frozen=True)
class _Laid:
    """P shelves with N items in all; C cells (customer class, region)."""

    places: Sequence[Place]
    shelves: Sequence[StockedShelf]

    def cheapest(self, prices: Mapping[Place, StockPrices]) -> dict[Place, Least]:
        """Of every place that is here and has prices. None of those whose stock would earn by being held."""
        which = [n for n, place in enumerate(self.places) if place in prices]
        if not which:
            return {}
        asked = [prices[self.places[n]] for n in which]
        n = self._items_of(tuple(which))
        row = np.repeat(np.arange(len(which)), self.sizes[which])
        charged = np.array([(one.objective + one.money, one.stock_value, one.storage_m3) for one in asked])
        per_piece = np.einsum("na,na->n", self.held[n], charged[row])
        short = np.stack([one.short.ravel() for one in asked])
        worth = np.einsum("nc,nc->n", self.pieces[n], short[row])
        worth += self.worth_of_all[n] * np.array([one.objective for one in asked])[row]
        with np.errstate(divide="ignore", invalid="ignore"):
            best = Envelope(self.step_worth).best((worth / per_piece)[:, None], n)[:, 0]
        at = n * self.fill_rate.shape[1] + best
        cost = per_piece * self.on_hand.ravel().take(at) + worth * (1.0 - self.fill_rate.ravel().take(at))
        ends = np.concatenate([[0], np.cumsum(self.sizes[which])])
        added = np.add.reduceat(cost, ends[:-1])
        earning = np.minimum.reduceat(per_piece, ends[:-1]) < 0
        best = best.astype(np.min_scalar_type(self.fill_rate.shape[1]))
        return {
            self.places[number]: Least(
                constant_at(self.shelves[number], one) + float(added[k]),
                float(added[k]),
                best[ends[k] : ends[k + 1]].copy(),
            )
            for k, (number, one) in enumerate(zip(which, asked, strict=True))
            if not earning[k]
        }

    def _items_of(self, which: tuple[int, ...]) -> Ints:
        """Numbers of the items of some shelves."""
        if len(which) == len(self.places):
            return np.arange(self.starts[-1])
        return np.concatenate([np.arange(self.starts[n], self.starts[n + 1]) for n in which])

    @cached_property
    def sizes(self) -> Ints:
        """(P,) items of each."""
        return np.array([shelf.items.rows.size for shelf in self.shelves], dtype=np.intp)

    @cached_property
    def starts(self) -> Ints:
        """(P + 1,) number of the first item of each, and N."""
        return np.concatenate([np.zeros(1, np.intp), np.cumsum(self.sizes)])

    @cached_property
    def held(self) -> Floats:
        """(N, 3) see `StockedShelf.held`."""
        return np.concatenate([shelf.held().T for shelf in self.shelves])

    @cached_property
    def pieces(self) -> Floats:
        """(N, C) a year."""
        return np.concatenate([one.items.pieces.reshape(one.items.rows.size, -1) for one in self.shelves])

    @cached_property
    def worth_of_all(self) -> Floats:
        """(N,) see `StockedShelf.worth_of_all`."""
        return np.concatenate([shelf.worth_of_all for shelf in self.shelves])

    @cached_property
    def step_worth(self) -> Floats:
        """(N, M - 1) see `Envelope`."""
        known = [shelf.__dict__.get("envelope") for shelf in self.shelves]
        if all(known):
            return np.concatenate([one.step_worth for one in known if one is not None])
        return envelope(self.on_hand, self.fill_rate).step_worth

    @cached_property
    def fill_rate(self) -> Floats:
        """(N, M)"""
        return np.concatenate([shelf.rungs.fill_rate[:, :, 0] for shelf in self.shelves])

    @cached_property
    def on_hand(self) -> Floats:
        """(N, M) pieces."""
        return np.concatenate([shelf.rungs.on_hand_pieces for shelf in self.shelves])
