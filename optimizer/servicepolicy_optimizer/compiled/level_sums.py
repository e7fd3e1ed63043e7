"""Tables of shortage by stock level: `inventory.level_table` in one pass a row, to the same last bit.

Sums run down from the highest level, as there; what is looked up takes the same steps, level by level.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.machine_code import bare_machine_code
from servicepolicy_optimizer.inventory.excess import Array


def added_up(probability: Array, step_pieces: Array) -> tuple[Array, Array]:
    """Losses and their sums, (N, C + 1), of P(D = j h), (N, C)."""
    rows, levels = probability.shape
    loss, loss_sum = np.empty((2, rows, levels + 1))
    _add_up(np.ascontiguousarray(probability), np.ascontiguousarray(step_pieces), loss, loss_sum)
    return loss, loss_sum


@bare_machine_code
def _add_up(probability: Any, step_pieces: Any, loss: Any, loss_sum: Any) -> None:
    for n in range(len(probability)):
        step, point, of_row, sums = step_pieces[n], probability[n], loss[n], loss_sum[n]
        above = one = two = following = 0.0
        of_row[point.size] = sums[point.size] = 0.0
        for k in range(point.size - 1, -1, -1):
            one += above
            above += point[k]
            here = step * one
            two += step * here + (following - here) * (step + 1) / 2
            of_row[k], sums[k] = here, two
            following = here


def moments_at(
    loss_pieces: Array, loss_sum_pieces2: Array, step_pieces: Array, x_pieces: Array
) -> tuple[Array, Array]:
    """E[(D - x)+] and the sum of G(y) over whole y > x, in the shape of the levels (N, ...)."""
    levels = np.ascontiguousarray(x_pieces, float).reshape(len(x_pieces), prod(x_pieces.shape[1:]))
    first, second = np.empty((2, *levels.shape))
    _look_up(
        np.ascontiguousarray(loss_pieces),
        np.ascontiguousarray(loss_sum_pieces2),
        np.ascontiguousarray(step_pieces),
        levels,
        first,
        second,
    )
    return first.reshape(x_pieces.shape), second.reshape(x_pieces.shape)


@bare_machine_code
def _look_up(
    loss_pieces: Any, loss_sum_pieces2: Any, step_pieces: Any, x_pieces: Any, first: Any, second: Any
) -> None:
    last = loss_pieces.shape[1] - 1
    for n in range(len(x_pieces)):
        step, loss, sums = step_pieces[n], loss_pieces[n], loss_sum_pieces2[n]
        for m in range(x_pieces.shape[1]):
            x = x_pieces[n, m]
            whole = np.floor(x)
            part = x - whole
            if whole < 0:
                below = -whole
                one = loss[0] + below
                two = sums[0] + below * loss[0] + below * (below - 1) / 2
                chance = 1.0
            elif whole < step * last:
                cell = min(np.floor(whole / step), last - 1.0)
                at = int(cell)
                along = whole - cell * step
                slope = (loss[at + 1] - loss[at]) / step
                upto = step * (step + 1) - along * (along + 1)
                one = loss[at] + along * slope
                two = sums[at + 1] + (step - along) * loss[at] + slope * upto / 2
                chance = -slope
            else:
                # Here, too, is what is no number: it is looked up nowhere.
                one = two = chance = 0.0
            second[n, m] = two - part * (one - chance)
            first[n, m] = one - part * chance
