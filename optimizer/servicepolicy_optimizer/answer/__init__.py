"""A decision in the words of the planner: promises, means, costs, items."""

from servicepolicy_optimizer.answer.policy import answer

__all__ = ["answer"]
