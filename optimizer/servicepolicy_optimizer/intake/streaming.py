"""A Parquet file read where it is: a question reads only the columns that it names, and none is copied."""

from collections.abc import Sequence
from dataclasses import replace

from servicepolicy_optimizer.intake.fields import Field, Kind, is_moment, is_number
from servicepolicy_optimizer.intake.files import OpenFile, Unsteady, blaming, kind_of, literal
from servicepolicy_optimizer.intake.loaded import (
    Loaded,
    Rows,
    Writing,
    blank,
    column_types,
    read_columns,
    viewed,
)
from servicepolicy_optimizer.intake.workspace import Workspace, quoted

ROW = "file_row_number"
"""DuckDB's name for the place of a row in a Parquet file, from 0."""


def can_stream(file: OpenFile, fields: Sequence[Field]) -> bool:
    """Whether the file is Parquet and its times are times: dates in texts may have to be read twice."""
    types = column_types(file)
    times = [field.column for field in fields if field.kind is Kind.TIME and field.column is not None]
    return (
        kind_of(file.path) == "parquet" and ROW not in types and all(is_moment(types[one]) for one in times)
    )


def stream(
    file: OpenFile, fields: Sequence[Field], desk: Workspace, writing: Writing, sound_rows: int | None = None
) -> Loaded:
    """The view on the file, and every column of it read once: a file that cannot be read is found out now.
    `sound_rows`: how many rows it has, where all of them were read before, and none was blank.
    """
    source, below = desk.fresh("source"), desk.fresh("streamed")
    desk.connection.read_parquet(literal(file.path), file_row_number=True).create_view(source)
    with blaming(file.path, desk):
        rows, tidy = sound_rows, frozenset[str]()
        if rows is None:
            rows, tidy = _first_look(file, source, fields, desk)
        types, as_they_are = column_types(file), [replace(one, tidy=one.column in tidy) for one in fields]
        columns = ", ".join(read_columns(types, as_they_are, writing))
        desk.connection.execute(
            f"CREATE VIEW {below} AS SELECT {columns}, {blank(types, fields)} AS blank, {ROW} FROM {source}"
        )
        if sound_rows is not None or fields[0].column in tidy:
            blanks = 0
        else:
            blanks = desk.connection.execute(f"SELECT count(*) FROM {below} WHERE blank").fetchall()[0][0]
    shown = f"* EXCLUDE (blank, {ROW})"
    return viewed(file, shown, below, f"{ROW} + {file.first_row}", Rows(rows - blanks, blanks), desk)


def _first_look(
    file: OpenFile, source: str, fields: Sequence[Field], desk: Workspace
) -> tuple[int, frozenset[str]]:
    """How many rows there are, and the text columns in which there is nothing to trim: none of their cells
    has a blank around it or is an empty text. The column of a required field must be filled besides.

    Raises Unsteady where the least and the largest cell of a column are not what the file says that they are.
    """
    types, tidy = column_types(file), set()
    for field in fields:
        if field.column is None or field.kind is not Kind.TEXT or types[field.column] != "VARCHAR":
            continue
        name = quoted(field.column)
        untidy = f"{name} = '' OR {name} <> trim({name})" + (f" OR {name} IS NULL" if field.required else "")
        # One column a question: the condition is then asked of a packed column's few texts, not of its rows.
        if not desk.connection.execute(f"SELECT 1 FROM {source} WHERE {untidy} LIMIT 1").fetchall():
            tidy.add(field.column)
    ends = [
        f"hash({end}({quoted(one.column)}))"  # some moments are none in Python
        for one in fields
        if one.column and (is_moment(types[one.column]) or is_number(types[one.column]))
        for end in ("min", "max")
    ]
    # What the file says of itself would answer a count; a hash has to be taken of what is read.
    others = [
        f"bit_xor(hash({quoted(one.column)}))" for one in fields if one.column and one.column not in tidy
    ]
    asked = ", ".join(["count(*)", *ends, *others])
    rows, *read = desk.connection.execute(f"SELECT {asked} FROM {source}").fetchall()[0]
    # Asked alone, they are what the file says of itself, by which cells are later left unread.
    said = desk.connection.execute(f"SELECT {', '.join(ends)} FROM {source}").fetchall()[0] if ends else ()
    if list(said) != read[: len(ends)]:
        raise Unsteady
    return rows, frozenset(tidy)
