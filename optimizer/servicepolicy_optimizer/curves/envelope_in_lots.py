"""The envelope of a ladder, lot by lot."""

from dataclasses import replace

from servicepolicy_optimizer.curves.envelope import envelope
from servicepolicy_optimizer.curves.envelope_of_many import envelope_of_many
from servicepolicy_optimizer.curves.in_a_file import beside
from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.lots import lots_of
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.side_by_side import side_by_side


def has_envelope(rungs: Ladder) -> bool:
    """See `StockedShelf.has_envelope`."""
    points, fill = rungs.reorder_point_pieces, rungs.fill_rate
    if rungs.step_worth is not None:
        return True
    return bool(len(fill) and fill.shape[2] == 1 and (points[:, 1:] >= points[:, :-1]).all())


def with_steps(rungs: Ladder, many: bool) -> Ladder:
    """A ladder with its envelope, where it has one. many: of a shelf with very many items."""
    return replace(rungs, step_worth=step_worth_of(rungs, many)) if has_envelope(rungs) else rungs


def step_worth_of(rungs: Ladder, many: bool) -> Floats:
    """(n, M - 1) of the envelope of a ladder that has one."""
    on_hand, fill = rungs.on_hand_pieces, rungs.fill_rate
    step_worth = beside(on_hand, (len(fill), rungs.rungs - 1))
    made = envelope_of_many if many else envelope

    def of_lot(lot: slice) -> None:
        step_worth[lot] = made(on_hand[lot], fill[lot, :, 0]).step_worth

    for _ in side_by_side(of_lot, lots_of(len(fill))):
        pass
    return step_worth
