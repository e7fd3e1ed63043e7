"""The proof that goes with an answer."""

from servicepolicy_models.proof import Proof
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import scenario_sha256, versions
from servicepolicy_optimizer.settle import Settled


def proof_of(scenario: Scenario, facts: Facts, settled: Settled, item_level_bound: float | None) -> Proof:
    """What is held, why the solver stopped, and how far the optimum can be; cost and audit are added to it
    later.
    """
    solution, choices = settled.solution, settled.question.choices
    objective, bound = solution.objective, solution.bound
    return Proof(
        held=solution.held,
        stopped=solution.stopped,
        master_objective=objective,
        master_bound=bound,
        master_gap=relative_gap(objective, bound),
        item_level_bound=item_level_bound,
        size={
            "items": len(facts.items.items),
            "segments": len(choices.targets),
            "stocking_options": sum(len(offered) for offered in choices.options.values()),
            "shelves": len(choices.columns),
            "columns": sum(columns.size for columns in choices.columns.values()),
            "paths": sum(len(paths) for paths in choices.paths.values()),
            "dominated_paths": choices.pruned_paths,
            "late_paths": choices.late_paths,
            **solution.size,
        },
        versions=versions(),
        scenario_sha256=scenario_sha256(scenario),
        demand_sha256=facts.sha256,
        seed=scenario.limits.seed,
    )


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """(objective - bound) / |objective|, at least 0; None where either is missing."""
    if objective is None or bound is None:
        return None
    return max(objective - bound, 0.0) / max(abs(objective), 1e-9)
