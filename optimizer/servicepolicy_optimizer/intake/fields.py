"""What is read from a column, and how: a text, a number or a time, whatever type the file gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.workspace import quoted


class Kind(Enum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"


SQL_TYPE: Mapping[Kind, str] = {Kind.TEXT: "VARCHAR", Kind.NUMBER: "DOUBLE", Kind.TIME: "TIMESTAMP"}

_FRACTIONAL = ("FLOAT", "DOUBLE", "DECIMAL")
_WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)
_MOMENTS = (
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP_S",
    "TIMESTAMP_MS",
    "TIMESTAMP_NS",
    "TIMESTAMP WITH TIME ZONE",
)


def _is_of(sql_type: str, names: Sequence[str]) -> bool:
    """Whether a DuckDB type is one of these; `DECIMAL(18,3)` is a DECIMAL, `BIGINT[]` is no BIGINT."""
    return sql_type.partition("(")[0] in names and not sql_type.endswith("]")


def is_moment(sql_type: str) -> bool:
    """Whether a DuckDB type is a day or a time of a day."""
    return _is_of(sql_type, _MOMENTS)


def is_number(sql_type: str) -> bool:
    """Whether a DuckDB type is a number."""
    return _is_of(sql_type, (*_FRACTIONAL, *_WHOLE))


@dataclass(frozen=True)
class Field:
    """One field of a checked table and the column it comes from."""

    name: str
    """Name in the checked table, with its unit."""
    column: str | None
    """Column of the file; None: not given, the field is empty."""
    kind: Kind
    required: bool = False
    """Whether every row must fill it."""
    tidy: bool = False
    """Whether its column is known to be of texts without blanks around them, none of them empty."""


def missing_columns(fields: Sequence[Field], present: Sequence[str], where: str) -> list[Finding]:
    """A finding for every column that is asked for and not there, with the nearest name that is."""
    findings = []
    for field in fields:
        if field.column is None or field.column in present:
            continue
        by_case = {name.lower().strip(): name for name in present}
        near = get_close_matches(field.column.lower().strip(), list(by_case), n=1, cutoff=0.6)
        hint = f"Did you mean '{by_case[near[0]]}'? " if near else ""
        listed = ", ".join(f"'{name}'" for name in present[:12]) + (" ..." if len(present) > 12 else "")
        what = f"has no column '{field.column}' (for {field.name})."
        findings.append(error(where, what, "table.missing_column", f"{hint}Its columns are {listed}."))
    return findings


def value(field: Field, sql_type: str, date_format: str | None, decimal: str) -> str:
    """The SQL expression that reads the field's column; NULL where it is empty or cannot be read."""
    if field.column is None:
        return f"CAST(NULL AS {SQL_TYPE[field.kind]})"
    column = _as_text(quoted(field.column), sql_type)
    if field.kind is Kind.TEXT:
        return quoted(field.column) if field.tidy else _text(column, sql_type)
    if field.kind is Kind.NUMBER:
        return _number(column, sql_type, decimal)
    return _time(column, sql_type, date_format)


def recorded(field: Field, sql_type: str) -> str:
    """The SQL expression of what the file says, as a text; NULL where it says nothing.

    NaN counts as nothing where a text is wanted (it is how pandas leaves a cell empty) and as something
    unreadable where a number is wanted.
    """
    if field.column is None:
        return "CAST(NULL AS VARCHAR)"
    column = _as_text(quoted(field.column), sql_type)
    return f"NULLIF(TRIM(CAST({column} AS VARCHAR)), '')"


def _as_text(column: str, sql_type: str) -> str:
    """A JSON cell without its quotation marks; any other column as it is."""
    return f"json_extract_string({column}, '$')" if sql_type == "JSON" else column


def _text(column: str, sql_type: str) -> str:
    """A code as text: 17850.0 read as a number is the code `17850`."""
    if _is_of(sql_type, _FRACTIONAL):
        whole = f"CAST(CAST({column} AS BIGINT) AS VARCHAR)"
        fits = f"{column} = TRUNC({column}) AND ABS({column}) < 1e15"
        as_double = f"abs(CAST({column} AS DOUBLE)) < CAST('Infinity' AS DOUBLE)"
        return (
            f"CASE WHEN NOT ({as_double}) THEN NULL WHEN {fits} THEN {whole} "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    return f"NULLIF(TRIM(CAST({column} AS VARCHAR)), '')"


def _number(column: str, sql_type: str, decimal: str) -> str:
    """A finite double; texts are read with the file's decimal sign. Dates and booleans are no numbers."""
    if is_number(sql_type):
        raw = f"CAST({column} AS DOUBLE)"
    elif sql_type in ("VARCHAR", "JSON"):
        text = f"TRIM(CAST({column} AS VARCHAR))"
        plain = f"REPLACE(REPLACE({text}, '.', ''), ',', '.')" if decimal == "," else text
        raw = f"TRY_CAST({plain} AS DOUBLE)"
    else:
        return "CAST(NULL AS DOUBLE)"
    # Neither infinite nor NaN, which is larger than all.
    return f"CASE WHEN abs({raw}) < CAST('Infinity' AS DOUBLE) THEN {raw} END"


def _time(column: str, sql_type: str, date_format: str | None) -> str:
    """A timestamp without zone; texts in ISO order or in the stated format; whole numbers as YYYYMMDD."""
    if _is_of(sql_type, _MOMENTS):
        return f"TRY_CAST({column} AS TIMESTAMP)"
    text = f"TRIM(CAST({column} AS VARCHAR))"
    if date_format is not None:
        return f"try_strptime({text}, '{date_format.replace(chr(39), chr(39) * 2)}')"
    if _is_of(sql_type, _WHOLE):
        return f"try_strptime({text}, '%Y%m%d')"
    if sql_type in ("VARCHAR", "JSON"):
        return f"TRY_CAST({text} AS TIMESTAMP)"
    return "CAST(NULL AS TIMESTAMP)"
