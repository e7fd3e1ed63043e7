"""The item master and the customer table beside the order lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servicepolicy_models.demand import CustomerColumns, ItemColumns
from servicepolicy_models.errors import TableRejected, error, note
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.checks import RowRule, broken_rules, cell_rules
from servicepolicy_optimizer.intake.examples import EXAMPLES, listed
from servicepolicy_optimizer.intake.fields import Field, Kind
from servicepolicy_optimizer.intake.files import Unreadable
from servicepolicy_optimizer.intake.loaded import Loaded, Writing
from servicepolicy_optimizer.intake.loading import read_fields
from servicepolicy_optimizer.intake.workspace import Workspace


@dataclass(frozen=True)
class SideTable:
    """A checked table with one row for each code in its first field."""

    desk: Workspace
    table: str
    file_name: str
    given: frozenset[str]
    """Fields that the file carries."""
    rows: int
    findings: tuple[Finding, ...]


def read_item_table(columns: ItemColumns, path: Path, desk: Workspace, upper_case: bool = True) -> SideTable:
    """Read an item master: item, unit_cost, unit_price, unit_weight_kg, unit_volume_m3, item_class.

    `upper_case` as `CleaningRules.item_code_upper_case`: codes that differ only in letter case are one item.
    Raises TableRejected with everything that blocks: unreadable file, missing columns, unreadable or negative
    numbers, an item twice with different figures.
    """
    fields = (
        Field("item", columns.item, Kind.TEXT, required=True),
        Field("unit_cost", columns.unit_cost, Kind.NUMBER),
        Field("unit_price", columns.unit_price, Kind.NUMBER),
        Field("unit_weight_kg", columns.unit_weight_kg, Kind.NUMBER),
        Field("unit_volume_m3", columns.unit_volume_m3, Kind.NUMBER),
        Field("item_class", columns.item_class, Kind.TEXT),
    )
    return _read(fields, path, desk, upper_case)


def read_customer_table(columns: CustomerColumns, path: Path, desk: Workspace) -> SideTable:
    """Read a customer table: customer, customer_class, region. Raises like `read_item_table`."""
    fields = (
        Field("customer", columns.customer, Kind.TEXT, required=True),
        Field("customer_class", columns.customer_class, Kind.TEXT),
        Field("region", columns.region, Kind.TEXT),
    )
    return _read(fields, path, desk, upper_case=False)


def _read(fields: Sequence[Field], path: Path, desk: Workspace, upper_case: bool) -> SideTable:
    try:
        loaded = read_fields(path, None, fields, desk, Writing())
    except Unreadable as trouble:
        raise TableRejected(trouble.findings) from trouble
    if upper_case:
        desk.connection.execute(f"UPDATE {loaded.stored} SET {fields[0].name} = upper({fields[0].name})")
    findings = [
        *loaded.findings,
        *broken_rules(loaded, [*cell_rules(fields), *_not_negative(fields)], desk),
    ]
    findings += _repeated(loaded, fields, desk)
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise TableRejected(blocking)
    given = frozenset(field.name for field in fields if field.column is not None)
    return SideTable(desk, loaded.table, loaded.file_name, given, loaded.rows, tuple(findings))


def _not_negative(fields: Sequence[Field]) -> list[RowRule]:
    """No price, weight or volume is negative, and no unit cost is zero or below."""
    rules = []
    for field in fields:
        if field.kind is Kind.NUMBER and field.column is not None:
            limit, word = ("<= 0", "not above zero") if field.name == "unit_cost" else ("< 0", "negative")
            what = f"column '{field.column}' is {word} at {{rows}}: {{shown}}."
            mend = "Correct the cells, or leave them empty to take the scenario's default."
            rules.append(
                RowRule(
                    f"{field.name} {limit}", f"{field.name}::VARCHAR", what, "table.number_out_of_range", mend
                )
            )
    return rules


def _repeated(loaded: Loaded, fields: Sequence[Field], desk: Workspace) -> list[Finding]:
    """A code given twice: counted once when both rows say the same, an error when they differ."""
    key, others = fields[0].name, ", ".join(field.name for field in fields[1:])
    doubles, differ, examples = desk.connection.execute(
        f"SELECT coalesce(sum(n) - count(*), 0), count(*) FILTER (variants > 1), "
        f"min({key}, {EXAMPLES}) FILTER (variants > 1) FROM (SELECT {key}, count(*) AS n, "
        f"count(DISTINCT row({others})) AS variants FROM {loaded.table} GROUP BY {key} HAVING count(*) > 1)"
    ).fetchall()[0]
    if differ:
        what = f"{differ} codes stand in several rows that differ: {listed(examples, differ)}."
        mend = "Keep one row for each code."
        return [
            error(loaded.file_name, what, "table.repeated_code", mend).model_copy(update={"count": differ})
        ]
    if not doubles:
        return []
    desk.connection.execute(
        f"DELETE FROM {loaded.stored} WHERE rowid NOT IN "
        f"(SELECT min(rowid) FROM {loaded.stored} GROUP BY {key})"
    )
    return [
        note(
            loaded.file_name,
            f"{doubles:,} rows repeat another in every column; they count once.",
            "table.repeated_code",
            int(doubles),
        )
    ]
