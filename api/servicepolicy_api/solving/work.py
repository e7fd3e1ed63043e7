"""The first step of a solve's process. The service itself never loads what a solve needs."""

from multiprocessing.connection import Connection

from servicepolicy_api.question import Question


def work(told: Connection, asked: Question, with_items: bool, request_id: str) -> None:
    """Solve, where the solver is loaded already: in a process forked from the one that loaded it."""
    from servicepolicy_api.solving.child import solve

    solve(told, asked, with_items, request_id)
