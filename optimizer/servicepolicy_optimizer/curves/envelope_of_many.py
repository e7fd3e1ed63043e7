"""Envelopes, best rungs and columns of a lot of very many items, by compiled arithmetic."""

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.curves.envelope import NEARLY_RISING, Envelope, scanned
from servicepolicy_optimizer.facts import Floats, Rungs

# What is compiled is imported where it is needed: a compiler comes with it.


def envelope_of_many(on_hand_pieces: Floats, fill_rate: Floats) -> Envelope:
    """`envelope` of ladders (n, M), to the last bit."""
    from servicepolicy_optimizer.compiled.priced_shelf import envelopes

    items, rungs = fill_rate.shape
    step_worth, odd = np.empty((items, rungs - 1)), np.zeros(items, np.bool_)
    if rungs > 1:
        envelopes(on_hand_pieces, fill_rate, NEARLY_RISING, step_worth, odd)
    if odd.any():
        step_worth[odd] = scanned(on_hand_pieces[odd], fill_rate[odd])
    return Envelope(step_worth)


def worth_of_many(
    pieces: Floats, short: Floats, worth_of_all: Floats, objective: Floats, held: Floats, charged: Floats
) -> Floats | None:
    """(n, K) pieces on hand that all of an item's fill rate is worth; None where holding a piece earns.

    pieces (n, I, R) and worth_of_all (n,) a year, short (K, I, R) currency per piece, objective (K,)
    held (A, n) what a piece on hand takes, charged (K, A) for each of it
    """
    from servicepolicy_optimizer.compiled.priced_shelf import worths

    items, prices = len(pieces), len(short)
    worth = np.empty((items, prices))
    cells, at = pieces.reshape(items, -1), np.ascontiguousarray(short.reshape(prices, -1).T)
    taken = np.ascontiguousarray(charged.T)
    earns = worths(cells, at, worth_of_all, objective, np.ascontiguousarray(held), taken, worth)
    return None if earns else worth


def best_of_many(step_worth: Floats, worth: Floats, best: Rungs) -> None:
    """`Envelope(step_worth).best(worth)` into best (n, K)."""
    from servicepolicy_optimizer.compiled.priced_shelf import best_of_envelopes

    best_of_envelopes(step_worth, worth, best)


def least_of_many(
    on_hand_pieces: Floats, fill_rate: Floats, per_piece: Floats, seen: Floats, best: Rungs, costs: Floats
) -> None:
    """Of every item the rung that costs least into best (n,), of equal ones the lowest, and what it costs
    into costs (n,): `columns.rung_costs`, to the last bit.

    on_hand_pieces (n, M), fill_rate (n, M, I), per_piece (n,) and seen (n, I): what holding a piece costs,
    and being short of everything
    """
    from servicepolicy_optimizer.compiled.scanned_shelf import least_of_rungs

    least_of_rungs(on_hand_pieces, fill_rate, per_piece, np.ascontiguousarray(seen), best, costs)


def added_up_of_many(
    on_hand_pieces: Floats,
    fill_rate: Floats,
    chosen: Rungs,
    amounts: Floats,
    demanded: Floats,
    ordered: NDArray[np.bool_],
) -> tuple[Floats, Floats, Floats]:
    """Stock (K, A), what is short (K, I, R) and the least fill rate of a class (K, I), over a lot's items.

    on_hand_pieces, fill_rate (n, M), chosen (n, K), amounts (n, A) of a piece, demanded (n, I, R)
    ordered (n, I)
    """
    from servicepolicy_optimizer.compiled.priced_shelf import added_up

    width, (_, classes, regions) = chosen.shape[1], demanded.shape
    stocked, short = np.zeros((amounts.shape[1], width)), np.zeros((classes, regions, width))
    worst = np.ones((classes, width))
    added_up(on_hand_pieces, fill_rate, chosen, amounts, demanded, ordered, (stocked, short, worst))
    return stocked.T, np.moveaxis(short, -1, 0), worst.T


def slopes_of_many(
    on_hand_pieces: Floats,
    fill_rate: Floats,
    holding_cost: Floats,
    pieces: Floats,
    least_pieces: float,
    outer: tuple[float, float],
) -> tuple[int, Floats]:
    """Currency per piece saved of every step that saves more than so many pieces and costs something: how
    many, and those up to the first or from the second of `outer` on.

    on_hand_pieces, fill_rate (n, M), holding_cost, pieces (n,) a year
    """
    from servicepolicy_optimizer.compiled.priced_shelf import slopes

    found = np.empty(fill_rate.size)
    count, kept = slopes(on_hand_pieces, fill_rate, holding_cost, pieces, least_pieces, *outer, found)
    return count, found[:kept].copy()
