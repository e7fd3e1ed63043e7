"""What customers ask for in one run: order lines with the shelf that serves each, and its order."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.lines import Lines, sorted_lines
from servicepolicy_optimizer.simulate.world import World


@dataclass(frozen=True)
class Asked:
    """M order lines, sorted as the engine wants them."""

    lines: Lines
    atom: Ints
    """(M,) region x customer classes + customer class."""
    order: Ints
    """(M,) number of the order, the same for its lines."""


def asked(world: World, item: Ints, atom: Ints, time_days: Floats, pieces: Floats, order: Ints) -> Asked:
    """Bring order lines (M,) of items and atoms to their shelves."""
    customer_class = atom % len(world.facts.customer_classes)
    lines, row = sorted_lines(world.shelf_of[item, atom], time_days, pieces, customer_class)
    return Asked(lines, atom[row], np.asarray(order)[row])
