"""A whole answer, kept by its question: the same question again is read, not solved."""

import json

from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Stopped
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import canonical_json
from servicepolicy_optimizer.recall import NOTHING_KEPT, Recall, content_key


def known_answer(recall: Recall, scenario: Scenario, facts: Facts) -> Policy | None:
    """The policy that `kept_answer` kept of this question; None where there is none, or it cannot be read."""
    known = None if recall is NOTHING_KEPT else recall.get(_key(scenario, facts))
    return None if known is None else _read(known)


def keep_answer(recall: Recall, scenario: Scenario, facts: Facts, policy: Policy) -> None:
    """Keep a policy without the demand's findings, which are not of the question. Not where it took so long
    that some part of it may have ended for want of time, nor where bytes do not hold all of it.
    """
    in_time = sum(policy.proof.seconds.values()) < scenario.limits.time_limit_seconds
    if recall is NOTHING_KEPT or not in_time or policy.proof.stopped is not Stopped.CONVERGED:
        return
    written = policy.model_dump_json().encode()
    if _read(written) == policy:
        recall.put(_key(scenario, facts), written)


def _read(written: bytes) -> Policy | None:
    try:
        return Policy.model_validate(json.loads(written))
    except ValueError:
        return None


def _key(scenario: Scenario, facts: Facts) -> str:
    return content_key("answer", canonical_json(scenario), facts.sha256)
