"""Solving for the service: each solve in a process of its own, which can be stopped."""
