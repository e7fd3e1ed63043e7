"""Why a scenario has no policy: what cannot be kept, by how much, and what stands against it."""

from servicepolicy_optimizer.conflicts.contradiction import conflicts

__all__ = ["conflicts"]
