"""Runs carried out: each in a process of its own, which can be stopped, and each to one end."""
