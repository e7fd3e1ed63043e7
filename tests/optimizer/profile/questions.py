"""Small scenarios around order lines, and files of order lines, for the tests of profiles."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from servicepolicy_models import Finding, Scenario
from servicepolicy_models.demand import ColumnMap, OrderLines
from servicepolicy_optimizer.intake import Workspace, read_order_lines
from servicepolicy_optimizer.profile import CleanedLines, clean

COLUMNS = ("order", "item", "quantity", "date", "price", "customer", "region")
COLUMN_MAP = ColumnMap(**{name: name for name in COLUMNS})

MEANS: dict[str, Any] = {
    "channels": [{"name": "EDI"}],
    "processes": [{"name": "wave"}],
    "modes": [{"name": "road", "lanes": [{"bands": [{}], "time": {"mean_hours": 24}}]}],
    "supply": [{"name": "maker", "lead_time_mean_days": 10}],
    "locations": [{"name": "centre"}],
    "deployments": [{"name": "central", "serves": {"*": "centre"}}],
    "carrying_rate_per_year": 0.2,
}


def order_lines(**changes: Any) -> OrderLines:
    """Order lines with a column for each mapped field."""
    return OrderLines(**{"columns": COLUMN_MAP, **changes})


def question(demand: Any, **changes: Any) -> Scenario:
    """A scenario that asks nothing special of the means."""
    return Scenario.model_validate({"name": "small", "currency": "EUR", "demand": demand, **MEANS, **changes})


def write_lines(path: Path, rows: list[tuple[Any, ...]], columns: tuple[str, ...] = COLUMNS) -> Path:
    """Write a CSV file; None is an empty cell."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def cleaned_lines(desk: Workspace, path: Path, source: OrderLines) -> CleanedLines:
    """Read and clean a file of order lines."""
    return clean(read_order_lines(source, path, desk), source.cleaning)


def rules(findings: Iterable[Finding]) -> dict[str, int]:
    """Rule -> count of the findings."""
    return {one.rule: one.count for one in findings}
