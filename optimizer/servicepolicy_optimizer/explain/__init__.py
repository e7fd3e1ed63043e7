"""Answers that explain: repairs, prices and the frontier, all asked of the same master model."""
