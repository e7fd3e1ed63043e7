"""From what the lines got to evidence: by segment, by period, and what broke the promise most."""

from collections.abc import Iterable
from typing import Literal

import numpy as np

from servicepolicy_models.backtest import PeriodEvidence, SegmentEvidence, ShortItem, ShortOrder
from servicepolicy_optimizer.backtest.account import Account
from servicepolicy_optimizer.backtest.keeping import Kept
from servicepolicy_optimizer.backtest.period import Period
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.backtest.targets import FillTargets

MOST_SHOWN = 20

Reason = Literal["demand_above_forecast", "lumpy_lines", "within_the_plan"]


def segment_evidence(
    setting: Setting, found: Account, promise: float, targets: FillTargets
) -> tuple[SegmentEvidence, ...]:
    """Every cell of customer and item class; those that nobody ordered from too."""
    return _cells(setting, found, promise, targets, [None])


def regional_evidence(
    setting: Setting, found: Account, promise: float, targets: FillTargets
) -> tuple[SegmentEvidence, ...]:
    """Every cell in every region, where regions are promised apart."""
    sides = setting.scenario.segmentation
    regions = range(len(sides.regions)) if sides.promise_by_region else ()
    return _cells(setting, found, promise, targets, regions)


def _cells(
    setting: Setting, found: Account, promise: float, targets: FillTargets, regions: Iterable[int | None]
) -> tuple[SegmentEvidence, ...]:
    sides = setting.scenario.segmentation
    return tuple(
        _segment(setting, found, (i, j, r), promise, targets)
        for r in regions
        for i in range(len(sides.customers.classes))
        for j in range(len(sides.items.classes))
    )


def _segment(
    setting: Setting, found: Account, place: tuple[int, int, int | None], promise: float, targets: FillTargets
) -> SegmentEvidence:
    i, j, r = place
    sides = setting.scenario.segmentation
    here = (found.customer_class == i) & (found.item_class == j)
    if r is not None:
        here &= found.region == r
    promised, pieces = here & found.promised, float(found.pieces[here].sum())
    return SegmentEvidence(
        customer_class=sides.customers.classes[i],
        item_class=sides.items.classes[j],
        region="*" if r is None else sides.regions[r].name,
        promised_fill_rate=promise,
        is_target=targets.asks(i, j, r, promise),
        achieved_fill_rate=found.fill_rate(promised),
        standard_error=found.standard_error(promised),
        pieces=float(found.pieces[promised].sum()),
        lines=int(promised.sum()),
        achieved_line_fill_rate=found.line_fill_rate(promised),
        achieved_of_all_pieces=float(found.delivered[promised].sum()) / pieces if pieces else None,
        quoted_share_of_pieces=_share(found.pieces[here & found.quoted].sum(), pieces),
        quoted_share_of_lines=_share((here & found.quoted).sum(), here.sum()),
        not_yet_stocked_share_of_pieces=_share(
            found.pieces[here & ~found.quoted & ~found.stocked].sum(), pieces
        ),
    )


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else 0.0


def period_evidence(setting: Setting, judged: tuple[Period, ...], kept: Kept) -> tuple[PeriodEvidence, ...]:
    """Every judged period, all segments together."""
    history = setting.history
    rows = []
    for one, played, aim in zip(judged, kept.played, kept.aims, strict=True):
        pieces = history.pieces[one.lines]
        of_class = one.known.item_class[history.item[one.lines]]
        asked = float(pieces[one.promised].sum())
        rows.append(
            PeriodEvidence(
                first_day=history.date_of(one.from_day),
                last_day=history.date_of(one.to_day - 1),
                planned_fill_rate=float(np.average(aim[of_class], weights=pieces)) if pieces.size else 0.0,
                achieved_fill_rate=float(played.delivered_pieces[one.promised].sum()) / asked
                if asked
                else None,
                pieces=asked,
                stock_value=played.stock_value_days / one.days,
            )
        )
    return tuple(rows)


def short_items(setting: Setting, judged: tuple[Period, ...], found: Account) -> tuple[ShortItem, ...]:
    """The items that lack most promised pieces, and why."""
    items = len(setting.history.items)
    promised = found.promised
    item, pieces = found.item[promised], found.pieces[promised]
    missing = pieces - found.delivered[promised]
    short = np.bincount(item, missing, minlength=items)
    asked = np.bincount(item, pieces, minlength=items)
    foreseen = sum((one.known.prediction.pieces_per_day * one.days for one in judged), np.zeros(items))
    largest = np.zeros(items)
    np.maximum.at(largest, item, missing)
    worst = np.argsort(-short, kind="stable")[:MOST_SHOWN]
    return tuple(
        ShortItem(
            item=setting.history.items[n],
            item_class=setting.scenario.segmentation.items.classes[judged[-1].known.item_class[n]],
            pieces=float(asked[n]),
            pieces_short=float(short[n]),
            reason=_reason(asked[n], foreseen[n], short[n], largest[n]),
        )
        for n in worst
        if short[n] > 0
    )


def _reason(asked: float, foreseen: float, short: float, largest: float) -> Reason:
    """Why an item fell short.

    >>> _reason(10, 4, 2, 1), _reason(10, 9, 2, 1), _reason(10, 9, 4, 1)
    ('demand_above_forecast', 'lumpy_lines', 'within_the_plan')
    """
    if asked > 2 * foreseen:
        return "demand_above_forecast"
    return "lumpy_lines" if largest >= short / 2 else "within_the_plan"


def short_orders(setting: Setting, found: Account) -> tuple[ShortOrder, ...]:
    """The orders that lack most promised pieces."""
    history, promised = setting.history, found.promised
    orders = len(history.orders)
    asked = np.bincount(found.order[promised], found.pieces[promised], minlength=orders)
    got = np.bincount(found.order[promised], found.delivered[promised], minlength=orders)
    day = np.zeros(orders, dtype=np.intp)
    day[found.order] = found.day
    worst = np.argsort(got - asked, kind="stable")[:MOST_SHOWN]
    return tuple(
        ShortOrder(
            order=history.orders[n],
            day=history.date_of(int(day[n])),
            pieces=float(asked[n]),
            pieces_short=float(asked[n] - got[n]),
        )
        for n in worst
        if asked[n] > got[n]
    )
