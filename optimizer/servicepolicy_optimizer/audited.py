"""A decision in the planner's words, every figure and promise of it computed again."""

from functools import partial

from servicepolicy_models.errors import AuditFailed, error
from servicepolicy_models.policy import Policy
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.recalled_shelves import recalled_delivery
from servicepolicy_optimizer.rivals import policy_of
from servicepolicy_optimizer.settle import Settled


def audited(settled: Settled) -> Policy:
    """The policy with the audit's largest difference in its proof. The settled question must hold a decision.

    Raises AuditFailed with everything that differs or breaks.
    """
    return audited_policy(settled.question, policy_of(settled))


def audited_policy(asked: Question, policy: Policy) -> Policy:
    """`audited`, of a decision that is in words already.

    What shelves deliver is found where an audit has computed it for the same demand and decisions: by keys of
    its own, which nothing shares that the policy was made of.
    """
    deliver = partial(recalled_delivery, asked.known.recall)
    found = audit(asked.scenario, asked.facts, policy, deliver)
    broken = [
        error("/", sentence, "audit.broken", "Please report the scenario.") for sentence in found.broken
    ]
    if found.differences or broken:
        raise AuditFailed([*found.differences, *broken])
    proof = policy.proof.model_copy(update={"audit_difference": found.largest_relative_difference})
    return policy.model_copy(update={"proof": proof})
