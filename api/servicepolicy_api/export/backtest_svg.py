"""A backtest as a picture: left promised against achieved, right what it took in stock."""

from collections.abc import Iterator

from servicepolicy_api.export.drawing import FAINT, INK, OTHER, OWN, RULE, bar, card, dot, line, words
from servicepolicy_api.show.amounts import promise, share
from servicepolicy_models.backtest import Backtest, PromiseEvidence

WIDTH, TOP, ROW, LEFT, PLOT, GAP, BAR = 1000, 100, 118, 150, 410, 100, 220
TOLERANCE = 0.02


def picture(found: Backtest) -> str:
    """The whole picture; a promise a row."""
    height = TOP + ROW * len(found.promises) + 50
    lowest = min((low for one in found.promises for low in _marks(one)), default=0.5)
    lowest = max(0.0, lowest - 0.02)
    dearest = max((value for one in found.promises for value in _stocks(one)), default=1.0) or 1.0
    parts = [
        words(24, 34, "Promised against achieved, out of sample", 17, bold=True),
        words(
            24,
            54,
            "dot: all segments together; rings: each; bars: two points about the promise",
            12,
            FAINT,
        ),
        words(24, 72, "crosses: the textbook formula, same lines, same refits", 12, FAINT),
        words(LEFT + PLOT + GAP, 34, f"Average stock, thousand {found.currency}", 17, bold=True),
        words(LEFT + PLOT + GAP, 54, "ours, and the textbook's at the same service", 12, FAINT),
    ]
    for row, one in enumerate(found.promises):
        y = TOP + ROW * row
        parts += _row(one, y, lowest)
        parts += _stock(one, y, dearest)
    days = f"{found.scenario}: judged from {found.judged_first_day}, {found.judged_days} days"
    parts.append(words(24, height - 16, days, 11, FAINT))
    return card(WIDTH, height, f"Backtest of {found.scenario}", parts)


def _marks(one: PromiseEvidence) -> Iterator[float]:
    """Every share that is drawn."""
    yield one.promised_fill_rate - TOLERANCE
    yield from (
        rate for rate in (one.achieved_fill_rate, one.textbook.achieved_fill_rate) if rate is not None
    )
    yield from (s.achieved_fill_rate for s in one.segments if s.achieved_fill_rate is not None)


def _stocks(one: PromiseEvidence) -> Iterator[float]:
    yield one.stock_value
    yield one.textbook.stock_value_at_equal_service or 0.0


def _row(one: PromiseEvidence, y: float, lowest: float) -> Iterator[str]:
    def x(rate: float) -> float:
        return LEFT + PLOT * (rate - lowest) / (1 - lowest)

    middle = y + 36
    yield words(24, middle + 5, f"promised {promise(one.promised_fill_rate)}", 13, INK, bold=True)
    yield line(LEFT, middle, LEFT + PLOT, middle)
    for edge in (one.promised_fill_rate - TOLERANCE, min(1.0, one.promised_fill_rate + TOLERANCE)):
        yield line(x(edge), middle - 16, x(edge), middle + 16, FAINT)
    yield line(x(one.promised_fill_rate), middle - 22, x(one.promised_fill_rate), middle + 22, INK, "3 3")
    for segment in one.segments:
        if segment.achieved_fill_rate is not None and segment.pieces > 0:
            yield dot(x(segment.achieved_fill_rate), middle, 4, OWN, filled=False)
    if one.achieved_fill_rate is not None:
        yield dot(x(one.achieved_fill_rate), middle, 6, OWN)
        yield words(
            x(one.achieved_fill_rate), middle + 40, share(one.achieved_fill_rate), 12, OWN, "middle", True
        )
    if one.textbook.achieved_fill_rate is not None:
        at = x(one.textbook.achieved_fill_rate)
        yield line(at - 5, middle - 5, at + 5, middle + 5, OTHER)
        yield line(at - 5, middle + 5, at + 5, middle - 5, OTHER)
        yield words(at, middle + 40, share(one.textbook.achieved_fill_rate), 12, OTHER, "middle")


def _stock(one: PromiseEvidence, y: float, dearest: float) -> Iterator[str]:
    left = LEFT + PLOT + GAP
    theirs = one.textbook.stock_value_at_equal_service
    bars = (("ours", one.stock_value, OWN), ("textbook", theirs, OTHER))
    for place, (name, value, colour) in enumerate(bars):
        at = y + 14 + 28 * place
        yield words(left, at + 15, name, 12, colour)
        if value is None:
            yield words(left + 70, at + 15, "reaches it at no target", 12, FAINT)
            continue
        length = BAR * value / dearest
        yield bar(left + 70, at, max(length, 1), 20, colour)
        yield words(left + 76, at + 15, f"{value / 1000:,.0f}", 12, INK)
    yield line(left, y + 78, left + 70 + BAR, y + 78, RULE)
