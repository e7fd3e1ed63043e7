"""The policy of a saved run, ready to be played on the scenario that the run was asked."""

from servicepolicy_api.awaiting import latest
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_api.run_answers import policy
from servicepolicy_models.errors import PolicyRejected, error
from servicepolicy_models.policy import Policy
from servicepolicy_store.errors import NotThere


def saved_policy(memory: Memory, run_id: str, scenario_sha256: str) -> Policy:
    """The policy of a run with its items. Raises PolicyRejected where the run holds none.

    A run with a deadline solves its scenario under a shorter time limit, and the proof names that. As the
    answer of this very scenario the policy is told to be its own: the limit changes nothing that is played.
    """
    try:
        run = latest(memory, run_id)
        found = policy(memory, run)
    except (NotThere, Problem) as missing:
        what = "There is no such run." if isinstance(missing, NotThere) else missing.detail
        mend = "Name a run of kind `solve` that has ended with a policy."
        raise PolicyRejected([error("/settings/policy_of", what, "policy.no_run", mend)]) from None
    if run.scenario_sha256 != scenario_sha256:
        return found
    own = found.proof.model_copy(update={"scenario_sha256": scenario_sha256})
    return found.model_copy(update={"proof": own})
