"""How long the history is, and into how many whole periods it falls."""

from dataclasses import dataclass

from servicepolicy_models.demand import OrderLines
from servicepolicy_optimizer.profile.clean import CleanedLines

PERIODS_FOR_A_VARIANCE = 8
"""Below so many whole periods a variance over periods says little: its own relative error exceeds a half."""


@dataclass(frozen=True)
class History:
    """The time that the order lines stand for."""

    days: float
    """Days of trade: all rates are per such day."""
    periods: int
    """Whole periods; what follows the last is left out of the variance."""
    period_calendar_days: int
    period_days: float
    """Days of trade in a period."""
    poisson: bool
    """Whether order lines are taken to arrive at random (compound Poisson)."""


def history(cleaned: CleanedLines, source: OrderLines) -> History:
    """Calendar days from the first to the last day, both included, unless `days_covered` says otherwise."""
    span = cleaned.span_days
    days = source.days_covered or float(span)
    periods = span // source.period_days
    return History(
        days=days,
        periods=periods,
        period_calendar_days=source.period_days,
        period_days=source.period_days * days / span,
        poisson=source.orders_arrive == "poisson" or periods < PERIODS_FOR_A_VARIANCE,
    )
