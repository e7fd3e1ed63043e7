"""Solves that go wrong, each in its own way. A test puts them in the place of the real one."""

import os
import time

from servicepolicy_models.errors import SolverFailed, error


def answers(told, asked, with_items, request_id):
    """Not at all wrong: to see what was asked."""
    told.send(f'{{"items": {str(with_items).lower()}, "seed": {asked.scenario.limits.seed}}}'.encode())


def sleeps(told, asked, with_items, request_id):
    """For ever."""
    time.sleep(600)


def dies(told, asked, with_items, request_id):
    """Without a word, as when memory runs out."""
    os._exit(137)


def foresaw_nothing(told, asked, with_items, request_id):
    """An error nobody thought of."""
    told.send(None)


def is_our_fault(told, asked, with_items, request_id):
    """The solver gave up; how is nobody's business outside."""
    told.send((SolverFailed, (error("/secret/place", "numbers broke.", "x", "y"),)))
