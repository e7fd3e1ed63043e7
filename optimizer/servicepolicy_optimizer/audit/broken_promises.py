"""Promises, capacities and budgets of the scenario that a policy breaks, in words with amounts."""

from collections.abc import Iterator

from servicepolicy_models.policy import Policy, SegmentPolicy
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.audit.judged_again import Accounts
from servicepolicy_optimizer.audit.matrix import ANY
from servicepolicy_optimizer.audit.promised_fill import promisable_fill_rate
from servicepolicy_optimizer.audit.segment_account import SegmentAccount

KEPT = 1e-6
"""A share that misses its promise by less, or an amount that passes its limit by a smaller share, is
rounding.
"""


def name_of(row: SegmentPolicy) -> str:
    """The segment as planners say it: `A/B`, `A/B (North)`."""
    return f"{row.customer_class}/{row.item_class}" + ("" if row.region == ANY else f" ({row.region})")


def broken_promises(scenario: Scenario, found: Accounts, again: Policy) -> Iterator[str]:
    """Of segments with demand: fill rate, cycle service, response time and its probability, OTIF."""
    for account, row in zip(found.segments, again.segments, strict=True):
        if not account.orders_something:
            continue
        if account.pieces_per_year > 0:
            yield from _stock_promise(scenario, found, account, row)
        yield from _response_promise(account, row)
        yield from _otif_promise(scenario, found, account, row)


def broken_limits(again: Policy) -> Iterator[str]:
    """Capacities and budgets of which more is used than there is."""
    for use in again.uses:
        if use.limit is not None and use.used > use.limit * (1.0 + KEPT) + KEPT:
            used, limit, over = map(_amount, (use.used, use.limit, use.used - use.limit))
            yield f"{use.name}: {used} {use.unit} used, {limit} allowed, {over} over."


def _stock_promise(
    scenario: Scenario, found: Accounts, account: SegmentAccount, row: SegmentPolicy
) -> Iterator[str]:
    """The planned fill rate reaches the asked one, and carries the promised one; so does cycle service."""
    stock, asked, promised = found.stock[account.segment], account.asked, row.promised_fill_rate
    planned, of_what = promisable_fill_rate(scenario, stock), "fill rate"
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        of_what += " of the worst item"
    if asked.fill_rate is not None and planned < asked.fill_rate - KEPT:
        yield _below(row, of_what, planned, asked.fill_rate)
    if promised > max(planned, asked.fill_rate or 0.0) + KEPT:
        yield f"{name_of(row)}: fill rate {_share(promised)} is promised, {_share(planned)} planned."
    cycle, least = asked.cycle_service_level, stock.least_cycle_service_level
    if cycle is not None and least < cycle - KEPT:
        yield _below(row, "cycle service of the worst item", least, cycle)


def _otif_promise(
    scenario: Scenario, found: Accounts, account: SegmentAccount, row: SegmentPolicy
) -> Iterator[str]:
    """What the fill rate is promised of is on time in full as often as asked."""
    planned = promisable_fill_rate(scenario, found.stock[account.segment])
    otif, asked = planned * row.on_time_probability, account.asked.otif
    if asked is not None and otif < asked - KEPT:
        of_items = " of the worst item" if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM else ""
        yield _below(row, f"on time in full{of_items}", otif, asked)


def _response_promise(account: SegmentAccount, row: SegmentPolicy) -> Iterator[str]:
    """The promised hours are within the asked ones, and kept with the asked probability."""
    asked, hours = account.asked, row.promised_response_hours
    if row.on_time_probability < asked.on_time_probability - KEPT:
        what = f"probability of keeping {_amount(hours)} h"
        yield _below(row, what, row.on_time_probability, asked.on_time_probability)
    if asked.response_hours is not None and hours > asked.response_hours * (1.0 + KEPT):
        late, latest = _amount(hours), _amount(asked.response_hours)
        yield f"{name_of(row)}: response within {late} h is later than the {latest} h asked."


def _below(row: SegmentPolicy, what: str, share: float, asked: float) -> str:
    return f"{name_of(row)}: {what} {_share(share)} is below the {_share(asked)} asked."


def _share(value: float) -> str:
    return f"{value:.5g}"


def _amount(value: float) -> str:
    """Six digits, without an exponent.

    >>> _amount(1234567.0), _amount(0.25)
    ('1,234,567', '0.25')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"
