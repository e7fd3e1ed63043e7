"""The master model: one function a rule, its formula as docstring; `build` is the contents page."""

from servicepolicy_optimizer.master.model import build

__all__ = ["build"]
