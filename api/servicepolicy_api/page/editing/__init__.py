"""Editing a scenario: the draft at hand, and its parts as sheets and forms."""
