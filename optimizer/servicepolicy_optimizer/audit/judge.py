"""The audit: a Policy judged again from the scenario and the demand facts alone, by code that knows no
solver.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from servicepolicy_models.cost import Cost
from servicepolicy_models.errors import AuditFailed
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy, SegmentPolicy, StockValue, Use
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.broken_means import broken_means
from servicepolicy_optimizer.audit.broken_promises import broken_limits, broken_promises
from servicepolicy_optimizer.audit.broken_rules import broken_rules
from servicepolicy_optimizer.audit.claims import TOLERANCE, Difference, compared, proof_claims
from servicepolicy_optimizer.audit.item_claims import item_claims
from servicepolicy_optimizer.audit.judged_again import Accounts, accounts_of, policy_again
from servicepolicy_optimizer.audit.matrix import Segment
from servicepolicy_optimizer.audit.otif_promise import promised_for_otif
from servicepolicy_optimizer.audit.reading import unreadable
from servicepolicy_optimizer.audit.shelf import Deliver, delivery
from servicepolicy_optimizer.audit.waiting import with_waits
from servicepolicy_optimizer.facts import Facts


@dataclass(frozen=True)
class Judged:
    """What the policy is worth when every figure is computed anew. Money is per year."""

    policy: Policy
    """The policy's decisions with recomputed figures; without its item table."""
    broken: tuple[str, ...]
    """Every promise, capacity, budget and rule of the scenario that the policy breaks, in words with amounts.
    """

    @property
    def cost(self) -> Cost:
        """Of the whole policy."""
        return self.policy.cost or Cost()

    @property
    def fill_rate(self) -> float:
        """Weighted by pieces; 1 where nobody orders."""
        return 1.0 if self.policy.fill_rate is None else self.policy.fill_rate

    @property
    def stock_value(self) -> StockValue:
        """Average, with the owned pipeline."""
        return self.policy.stock_value or StockValue()

    @property
    def co2e_kg_per_year(self) -> float:
        """Inbound and outbound."""
        return self.policy.co2e_kg_per_year or 0.0

    @property
    def uses(self) -> tuple[Use, ...]:
        """Of capacities and budgets."""
        return self.policy.uses

    @property
    def cost_by_segment(self) -> Mapping[Segment, Cost]:
        """Their sum is `cost`."""
        return {(row.customer_class, row.item_class, row.region): row.cost for row in self.policy.segments}

    @property
    def cost_by_item_class(self) -> Mapping[str, Cost]:
        """What each class's stock costs, without fixed costs."""
        return {row.item_class: row.cost for row in self.policy.item_classes}

    @property
    def fill_rate_by_segment(self) -> Mapping[Segment, float]:
        """By pieces."""
        return {
            (row.customer_class, row.item_class, row.region): row.planned_fill_rate
            for row in self.policy.segments
        }

    @property
    def on_time_probability_by_segment(self) -> Mapping[Segment, float]:
        """Of each response promise."""
        return {
            (row.customer_class, row.item_class, row.region): row.on_time_probability
            for row in self.policy.segments
        }


@dataclass(frozen=True)
class Audit(Judged):
    """The same, compared with what the policy says."""

    largest_relative_difference: float
    """Between the policy's figures and these; 0: equal to the last digit."""
    differences: tuple[Finding, ...]
    """Beyond the tolerance of 1e-6 relative: each is an error of one of the two computations."""


def audit(scenario: Scenario, facts: Facts, policy: Policy, deliver: Deliver = delivery) -> Audit:
    """Recompute every cost, fill rate and response time of a policy, and say what differs and what it breaks.

    deliver: says of a shelf what `delivery` says.

    Raises AuditFailed with all findings where the policy cannot be read against the scenario: unknown names,
    rows that are missing or twice, regions that nobody serves, an item table that was left out. A policy that
    says there is no answer (infeasible, nothing found) claims nothing and passes.
    """
    if not policy.segments and policy.cost is None:
        return Audit(policy, (), 0.0, ())
    found = _accounts(scenario, facts, policy, deliver)
    again = policy_again(scenario, facts, policy, found)
    waits = _waits_again(scenario, facts, policy)
    again = again.model_copy(update={"segments": _with_waits_of(again, waits)})
    differences = (*_differences(facts, policy, again, found), *_item_waits(policy, waits))
    return Audit(
        policy=again,
        broken=_broken(scenario, facts, found, again),
        largest_relative_difference=max((one.relative for one in differences), default=0.0),
        differences=_beyond_tolerance(differences),
    )


def judged(scenario: Scenario, facts: Facts, policy: Policy, deliver: Deliver = delivery) -> Judged:
    """What a policy costs and breaks under a scenario, whatever it says of itself: the policy of another
    question. It claims no waits, and is promised as slowly as the OTIF targets here need. Otherwise as
    `audit`.
    """
    found = _accounts(scenario, facts, policy, deliver)
    promised = promised_for_otif(scenario, found, policy)
    if promised is not policy:
        policy, found = promised, _accounts(scenario, facts, promised, deliver)
    again = policy_again(scenario, facts, policy, found)
    return Judged(again, _broken(scenario, facts, found, again))


def _accounts(scenario: Scenario, facts: Facts, policy: Policy, deliver: Deliver) -> Accounts:
    findings = unreadable(scenario, facts, policy)
    if findings:
        raise AuditFailed(findings)
    return accounts_of(scenario, facts, policy, deliver)


def _broken(scenario: Scenario, facts: Facts, found: Accounts, again: Policy) -> tuple[str, ...]:
    return (
        *broken_promises(scenario, found, again),
        *broken_limits(again),
        *broken_rules(scenario, found, again),
        *broken_means(scenario, facts, found, again),
    )


def _waits_again(scenario: Scenario, facts: Facts, policy: Policy) -> Policy:
    """The policy's decisions with waits computed anew, if it claims any."""
    said = [one for row in policy.segments for one in (row.mean_wait_days, row.delivered_on_time)]
    claims = any(one is not None for one in said) or any(row.mean_wait_days for row in policy.items)
    return with_waits(scenario, facts, policy) if claims else policy


def _with_waits_of(again: Policy, waits: Policy) -> tuple[SegmentPolicy, ...]:
    return tuple(
        row.model_copy(
            update={"mean_wait_days": one.mean_wait_days, "delivered_on_time": one.delivered_on_time}
        )
        for row, one in zip(again.segments, waits.segments, strict=True)
    )


def _item_waits(policy: Policy, waits: Policy) -> Iterator[Difference]:
    for at, (claimed, found) in enumerate(zip(policy.items, waits.items, strict=True)):
        yield from compared(claimed.mean_wait_days, found.mean_wait_days, f"/items/{at}/mean_wait_days")


def _differences(facts: Facts, policy: Policy, again: Policy, found: Accounts) -> Iterator[Difference]:
    yield from compared(policy, again)
    yield from proof_claims(policy, again)
    for account in found.classes.values():
        for shelf in account.shelves:
            yield from item_claims(facts, shelf, [policy.items[row] for row in shelf.shelf.rows])


def _beyond_tolerance(differences: Iterable[Difference]) -> tuple[Finding, ...]:
    return tuple(one.finding() for one in differences if one.relative > TOLERANCE)
