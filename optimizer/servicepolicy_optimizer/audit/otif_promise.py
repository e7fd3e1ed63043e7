"""The policy of another question, promised so that it is on time in full as often as is asked here."""

from servicepolicy_models.policy import Policy, SegmentPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.judged_again import Accounts
from servicepolicy_optimizer.audit.promised_fill import promisable_fill_rate
from servicepolicy_optimizer.audit.response_time import rung_for_otif
from servicepolicy_optimizer.audit.segment_account import SegmentAccount


def promised_for_otif(scenario: Scenario, found: Accounts, policy: Policy) -> Policy:
    """The same means and stock; a segment that misses its OTIF target gets the fastest promise that keeps it.

    Whoever was not asked for OTIF promised as fast as it could. What no promise keeps stays as it is. found:
    the accounts of the policy as it is; it is returned itself where nothing changes.
    """
    rows = tuple(
        _slower(scenario, found, account, row)
        for account, row in zip(found.segments, policy.segments, strict=True)
    )
    same = all(one is row for one, row in zip(rows, policy.segments, strict=True))
    return policy if same else policy.model_copy(update={"segments": rows})


def _slower(
    scenario: Scenario, found: Accounts, account: SegmentAccount, row: SegmentPolicy
) -> SegmentPolicy:
    if account.asked.otif is None:
        return row
    fill_rate = promisable_fill_rate(scenario, found.stock[account.segment])
    rung = rung_for_otif(account.response, account.asked, fill_rate)
    if rung is None or account.response.ladder_hours[rung] <= account.promised_hours:
        return row
    return row.model_copy(update={"promised_response_hours": float(account.response.ladder_hours[rung])})
