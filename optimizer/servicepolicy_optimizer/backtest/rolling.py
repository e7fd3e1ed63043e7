"""The rolling backtest, from a history to its evidence: a contents page."""

from collections.abc import Callable

import numpy as np

from servicepolicy_models.backtest import (
    Backtest,
    BacktestPlan,
    Estimate,
    ForecastBy,
    ItemParameters,
    PromiseEvidence,
)
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.backtest.account import account
from servicepolicy_optimizer.backtest.calibration import Curves, achieved_before, chance_for, curves
from servicepolicy_optimizer.backtest.equal_service import textbook
from servicepolicy_optimizer.backtest.evidence import (
    period_evidence,
    regional_evidence,
    segment_evidence,
    short_items,
    short_orders,
)
from servicepolicy_optimizer.backtest.keeping import Kept, kept
from servicepolicy_optimizer.backtest.period import Period, period
from servicepolicy_optimizer.backtest.provable import left_out, obstacles, thin_evidence
from servicepolicy_optimizer.backtest.reorder_points import reorder_points
from servicepolicy_optimizer.backtest.setting import Setting, setting
from servicepolicy_optimizer.backtest.situation import Situation, situation
from servicepolicy_optimizer.backtest.targets import FillTargets
from servicepolicy_optimizer.forecast import NOTHING_GIVEN, GivenForecasts
from servicepolicy_optimizer.forecast.error_model import ErrorModel
from servicepolicy_optimizer.forecast.given_reading import fallen_back
from servicepolicy_optimizer.forecast.item_rates import HALF_LIVES_DAYS
from servicepolicy_optimizer.history import OrderHistory

Tell = Callable[[str, float, str], None]


def backtest(
    scenario: Scenario,
    history: OrderHistory,
    plan: BacktestPlan,
    tell: Tell,
    *,
    given: GivenForecasts = NOTHING_GIVEN,
) -> Backtest:
    """Promise, replay, compare: on every refit with what was known then, judged on what came after.

    tell: hears the stage, how much of it is done, and a word. given: the company's own forecasts, used
    instead of ours from the day on which they were made. A history that allows no judgement is an answer too:
    `proved` is False and the findings say why.
    """
    targets = FillTargets(scenario)
    promises = plan.promises or targets.distinct()
    resolved = {"promises": promises, "quote_by": plan.quotes_by}
    asked = setting(scenario, history, plan.model_copy(update=resolved), given)
    findings = [*obstacles(asked), *_nothing_promised(promises)]
    if any(one.severity is Severity.ERROR for one in findings):
        return _answer(asked, promises, findings)
    days = asked.refit_days()
    known = []
    for n, day in enumerate(days):
        tell("forecast", n / len(days), history.date_of(day))
        known.append(situation(asked, day))
    ends = [*days[1:], history.days]
    periods = tuple(period(asked, one, end) for one, end in zip(known, ends, strict=True))
    findings += left_out(asked, periods, promises)
    if any(one.severity is Severity.ERROR for one in findings):
        return _answer(asked, promises, findings)
    tell("calibrate", 0.0, "")
    found = curves(asked, periods)
    evidence = []
    for n, promise in enumerate(promises):
        tell("judge", n / len(promises), f"{promise:.1%}")
        evidence.append(_judged(asked, periods, found, promise, targets))
    tell("parameters", 0.0, "")
    latest = situation(asked, history.days)
    return _answer(asked, promises, findings).model_copy(
        update={
            "proved": True,
            "promises": tuple(evidence),
            "estimates": _estimates(asked, latest),
            "findings": (*findings, *_fallen_back(asked, known), *thin_evidence(tuple(evidence))),
            "items": _parameters(asked, latest, found, promises),
        }
    )


def _nothing_promised(promises: tuple[float, ...]) -> list[Finding]:
    if promises:
        return []
    what, mend = "The scenario targets no fill rate.", "Name a promise, or a fill rate in the targets."
    return [error("/targets", what, "backtest.nothing_promised", mend)]


def _fallen_back(asked: Setting, known: list[Situation]) -> list[Finding]:
    """Items that were to be foreseen on a judged refit day, of which nothing was given by then."""
    smoothed = np.zeros(len(asked.history.items), bool)
    for one in known:
        if one.day >= asked.first_judged_day:
            smoothed |= (one.prediction.pieces_per_day > 0) & ~one.prediction.is_given
    return fallen_back(asked.given, int(smoothed.sum()))


def _judged(
    asked: Setting, periods: tuple[Period, ...], found: Curves, promise: float, targets: FillTargets
) -> PromiseEvidence:
    """One promise, with and without catching up, and the textbook beside it."""
    judged = tuple(one for one in periods if one.from_day >= asked.first_judged_day)
    ours = kept(asked, periods, found, promise, asked.plan.catch_up)
    plain = kept(asked, periods, found, promise, False) if asked.plan.catch_up else ours
    lines, plain_lines = account(asked.history, judged, ours), account(asked.history, judged, plain)
    achieved = lines.fill_rate(lines.promised)
    return PromiseEvidence(
        promised_fill_rate=promise,
        achieved_fill_rate=achieved,
        standard_error=lines.standard_error(lines.promised),
        achieved_of_all_pieces=float(lines.delivered[lines.promised].sum() / lines.pieces.sum())
        if lines.pieces.size
        else None,
        quoted_share_of_pieces=float(lines.pieces[lines.quoted].sum() / max(lines.pieces.sum(), 1e-300)),
        quoted_share_of_lines=float(lines.quoted.sum() / max(lines.quoted.size, 1)),
        achieved_without_catch_up=plain_lines.fill_rate(plain_lines.promised),
        stock_value=_stock_value(judged, ours),
        stock_value_without_catch_up=_stock_value(judged, plain),
        textbook=textbook(asked, judged, promise, achieved if asked.plan.equal_service else None),
        segments=segment_evidence(asked, lines, promise, targets),
        regional_segments=regional_evidence(asked, lines, promise, targets),
        periods=period_evidence(asked, judged, ours),
        short_items=short_items(asked, judged, lines),
        short_orders=short_orders(asked, lines),
    )


def _stock_value(judged: tuple[Period, ...], played: Kept) -> float:
    days = sum(one.days for one in judged)
    return sum(one.stock_value_days for one in played.played) / days


def _estimates(asked: Setting, latest: Situation) -> tuple[Estimate, ...]:
    """What the data said of each item class: of our forecasts, and of those that were given."""
    foreseen, classes = latest.prediction, asked.scenario.segmentation.items.classes
    given = np.bincount(latest.item_class[foreseen.is_given], minlength=asked.classes)
    ours = np.bincount(latest.item_class, minlength=asked.classes) - given
    smoothed = [
        _estimate(name, "smoothed", int(ours[j]), foreseen.errors, j).model_copy(
            update={
                "half_life_days": HALF_LIVES_DAYS[foreseen.errors.half_life[j]],
                "level_error": float(level_error) if np.isfinite(level_error) else None,
            }
        )
        for j, (name, level_error) in enumerate(zip(classes, foreseen.level_error, strict=True))
    ]
    of_yours = [
        _estimate(name, "given", int(given[j]), foreseen.given_errors, j)
        for j, name in enumerate(classes)
        if given[j]
    ]
    return (*smoothed, *of_yours)


def _estimate(item_class: str, forecast: ForecastBy, items: int, errors: ErrorModel, j: int) -> Estimate:
    return Estimate(
        item_class=item_class,
        forecast=forecast,
        items=items,
        half_life_days=None,
        level_error=None,
        dispersion=float(errors.dispersion[j]),
        relative_variance=float(errors.relative_variance[j]),
    )


def _parameters(
    asked: Setting, latest: Situation, found: Curves, promises: tuple[float, ...]
) -> tuple[ItemParameters, ...]:
    """Reorder points from the last day on, as the next refit would set them."""
    lately = achieved_before(found, found.promised.shape[0], asked.plan.calibration_half_life_refits)
    classes = asked.scenario.segmentation.items.classes
    rows = []
    for promise in promises:
        points = reorder_points(latest, chance_for(np.full(asked.classes, promise), lately))
        for n in np.flatnonzero(points.order_quantity_pieces > 0):
            limit = float(latest.quote_above_pieces[n])
            rows.append(
                ItemParameters(
                    item=asked.history.items[n],
                    item_class=classes[latest.item_class[n]],
                    promised_fill_rate=promise,
                    reorder_point_pieces=float(points.reorder_point_pieces[n]),
                    order_quantity_pieces=float(points.order_quantity_pieces[n]),
                    quote_above_pieces=limit if np.isfinite(limit) else None,
                    forecast_pieces_per_day=float(latest.prediction.pieces_per_day[n]),
                    forecast="given" if latest.prediction.is_given[n] else "smoothed",
                )
            )
    return tuple(rows)


def _answer(asked: Setting, promises: tuple[float, ...], findings: list[Finding]) -> Backtest:
    """The frame of the answer; nothing is proved yet."""
    history, judged_days = asked.history, asked.history.days - asked.first_judged_day
    resolved = {"promises": promises, "first_judged_day": asked.first_judged_day}
    return Backtest(
        scenario=asked.scenario.name,
        currency=asked.scenario.currency,
        plan=asked.plan.model_copy(update=resolved),
        history_first_day=history.date_of(0),
        history_last_day=history.date_of(history.days - 1),
        judged_first_day=history.date_of(asked.first_judged_day) if judged_days > 0 else None,
        judged_days=max(judged_days, 0),
        proved=False,
        findings=tuple(findings),
    )
