"""Why an answer may be believed: what is held, why the solver stopped, and how far the optimum can be."""

from enum import StrEnum

from pydantic import Field

from servicepolicy_models.noun import Noun


class Held(StrEnum):
    """What the answer holds."""

    OPTIMAL = "optimal"
    """A policy, and the master model's decision within the asked gap of its bound. How far its whole items
    can be from the best is said apart, by `item_level_gap`."""
    FEASIBLE = "feasible"
    """A policy that keeps every promise; the master model's bound is further away than asked."""
    INFEASIBLE = "infeasible"
    """A proof that no policy keeps every promise, with the conflicting families."""
    NOTHING = "nothing"
    """Neither a policy nor a proof: the limits were too tight."""


class Stopped(StrEnum):
    """Why the solver stopped."""

    CONVERGED = "converged"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    BEFORE_SOLVING = "before_solving"
    """A contradiction was found while the options were built."""


class Proof(Noun):
    """The proof that goes with every answer. Money per year, times in seconds, gaps as shares of the
    objective.
    """

    held: Held
    stopped: Stopped
    objective: float | None = None
    """TLC + LSC of the policy, item by item, as the audit computes it."""
    master_objective: float | None = None
    """Objective of the master model, where neighbouring columns mix without regard to whole items."""
    master_bound: float | None = None
    """Lower bound of the master model."""
    master_gap: float | None = None
    item_level_bound: float | None = None
    """Lower bound over every choice of reorder points on the items' ladders, not only over the master's
    columns.
    """
    item_level_gap: float | None = None
    """(objective - item_level_bound) / |objective|: what was reached."""
    item_level_gap_sought: float | None = None
    """What was asked for: the bound is raised until the gap is as small, or nothing raises it further."""
    audit_difference: float | None = None
    """Largest relative difference between the policy's figures and the audit's."""
    seconds: dict[str, float] = Field(default_factory=dict)
    """Wall time per stage."""
    size: dict[str, int] = Field(default_factory=dict)
    """Items, shelves, columns, paths, pruned paths, variables, constraints."""
    versions: dict[str, str] = Field(default_factory=dict)
    scenario_sha256: str = ""
    """Hash of the scenario's canonical form (RFC 8785) after validation and defaults."""
    demand_sha256: str = ""
    """Hash of the demand facts that were solved."""
    seed: int = 0
