"""The policy of a baseline, kept by its question: a budget that changes changes no baseline."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import canonical_json
from servicepolicy_optimizer.recall import NOTHING_KEPT, Recall, content_key
from servicepolicy_optimizer.settle import Settled

SAID_ONLY = {"name": "", "title": "", "notes": (), "assumptions": ()}
"""What a scenario says of itself, and no policy depends on."""


@dataclass(frozen=True)
class Outcome:
    """What became of a baseline's question."""

    policy: Policy | None
    why: tuple[str, ...] = ()
    """Why there is none."""
    settled: Settled | None = None
    """The decision behind the policy; None where it was recalled."""
    converged: bool = True
    """Whether asking again gives the same: not where time ran out."""


def recalled_outcome(
    recall: Recall, scenario: Scenario, facts: Facts, make: Callable[[], Outcome]
) -> Outcome:
    """What became of the question; asked where that is not known."""
    if recall is NOTHING_KEPT:
        return make()
    key = content_key("baseline", canonical_json(scenario.model_copy(update=SAID_ONLY)), facts.sha256)
    known = recall.get(key)
    if known is not None:
        found = json.loads(known)
        policy = found["policy"]
        return Outcome(None if policy is None else Policy.model_validate(policy), tuple(found["why"]))
    made = make()
    if made.converged:
        # Of thousands of items pydantic writes in a tenth of the time of `json`, and reads more slowly.
        policy = b"null" if made.policy is None else made.policy.__pydantic_serializer__.to_json(made.policy)
        why = json.dumps(made.why).encode()
        recall.put(key, b"".join([b'{"why": ', why, b', "policy": ', policy, b"}"]))
    return made
