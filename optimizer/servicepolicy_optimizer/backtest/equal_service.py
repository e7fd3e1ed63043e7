"""The textbook formula on the same days, and the target at which it achieves the same service."""

from dataclasses import dataclass

from servicepolicy_models.backtest import Textbook
from servicepolicy_optimizer.backtest.period import Period, warm_up
from servicepolicy_optimizer.backtest.replay import opening_shelf, play
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.backtest.textbook import TextbookFit, textbook_fit, textbook_points

LEAST_SHORT_SHARE_LOG10, MOST_SHORT_SHARE_LOG10 = -290.0, -0.05
HALVINGS = 14


def textbook(setting: Setting, judged: tuple[Period, ...], promise: float, ours: float | None) -> Textbook:
    """Replay the formula at the promise, and again at ever higher targets until it achieves `ours`."""
    fits = tuple(textbook_fit(setting, one.known) for one in judged)
    days = Days(setting, judged, fits)
    at_promise = days.achieved(1 - promise)
    target = value = None
    if ours is not None and (found := _target_for(days, ours)) is not None:
        target, value = found
    return Textbook(
        achieved_fill_rate=at_promise.promised,
        achieved_of_all_pieces=at_promise.of_all,
        stock_value=at_promise.stock_value,
        target_at_equal_service=target,
        stock_value_at_equal_service=value,
    )


def _target_for(days: "Days", ours: float) -> tuple[float, float] | None:
    """Target and stock value at equal service: the short share is halved in on, on a logarithmic scale."""
    low, high = LEAST_SHORT_SHARE_LOG10, MOST_SHORT_SHARE_LOG10
    best = days.achieved(10.0**low)
    if best.promised is None or best.promised < ours:
        return None
    for _ in range(HALVINGS):
        middle = -((low * high) ** 0.5)
        tried = days.achieved(10.0**middle)
        if tried.promised is not None and tried.promised >= ours:
            low, best = middle, tried
        else:
            high = middle
    return 1 - 10.0**low, best.stock_value


@dataclass(frozen=True)
class Achieved:
    """What one target of the formula came to."""

    promised: float | None
    """Unit fill rate of the promised pieces."""
    of_all: float | None
    stock_value: float


@dataclass(frozen=True)
class Days:
    """The judged days with the formula's fits, ready to be played at any target."""

    setting: Setting
    judged: tuple[Period, ...]
    fits: tuple[TextbookFit, ...]

    def achieved(self, short_share: float) -> Achieved:
        """Play the judged days at a fill-rate target of 1 - short_share."""
        history = self.setting.history
        points = textbook_points(self.fits[0], short_share)
        shelf = opening_shelf(self.setting, points)
        play(self.setting, shelf, warm_up(self.setting, self.judged[0].known), points)
        delivered = asked = every = value = 0.0
        for one, fit in zip(self.judged, self.fits, strict=True):
            played = play(self.setting, shelf, one, textbook_points(fit, short_share))
            pieces, promised = history.pieces[one.lines], one.promised
            delivered += float(played.delivered_pieces[promised].sum())
            asked += float(pieces[promised].sum())
            every += float(pieces.sum())
            value += played.stock_value_days
        return Achieved(
            delivered / asked if asked else None,
            delivered / every if every else None,
            value / sum(one.days for one in self.judged),
        )
