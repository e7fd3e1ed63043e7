"""Examples in a finding: the first few, and whether there are more."""

from collections.abc import Sequence

from servicepolicy_optimizer.intake.workspace import Workspace

EXAMPLES = 5
"""How many rows or codes a finding names."""


def listed(examples: Sequence[object], count: int) -> str:
    """The examples in a row; dots when there are more than shown.

    >>> listed(["a", "b"], 2), listed(["a", "b"], 7)
    ('a, b', 'a, b, ...')
    """
    shown = ", ".join(str(one) for one in examples[:EXAMPLES])
    return f"{shown}, ..." if count > min(len(examples), EXAMPLES) else shown


def first_codes(desk: Workspace, rows: str) -> tuple[int, list[str]]:
    """How many there are, and the first codes; `rows` is what follows FROM, of a table with a `code`."""
    count = desk.connection.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0]
    if not count:
        return 0, []
    found = desk.connection.execute(f"SELECT code FROM {rows} ORDER BY code LIMIT {EXAMPLES}").fetchall()
    return count, [code for (code,) in found]
