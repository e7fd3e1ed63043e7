"""Tables on their way into and out of Parquet files."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from servicepolicy_models.policy import ItemPolicy

if TYPE_CHECKING:
    from pandas import DataFrame

BY_CLASS = tuple(
    name for name, field in ItemPolicy.model_fields.items() if field.annotation == dict[str, float]
)
"""Fields that hold a figure for every customer class."""
TEXTS = tuple(name for name, field in ItemPolicy.model_fields.items() if field.annotation is str)


def items_schema() -> Any:
    """The columns of an item table: the fields of ItemPolicy."""
    maps = {name: pa.map_(pa.string(), pa.float64()) for name in BY_CLASS}
    texts = {name: pa.string() for name in TEXTS}
    return pa.schema([(name, (maps | texts).get(name, pa.float64())) for name in ItemPolicy.model_fields])


def parquet_of_items(items: Sequence[ItemPolicy]) -> bytes:
    """Item policies as a Parquet file."""
    rows = [one.model_dump() | {name: list(getattr(one, name).items()) for name in BY_CLASS} for one in items]
    return written(pa.Table.from_pylist(rows, schema=items_schema()))


def items_of_parquet(path: Path) -> list[dict[str, Any]]:
    """The rows of an item table, as they were."""
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return [row | {name: dict(row[name]) for name in BY_CLASS} for row in rows]


def rows_of_parquet(path: Path) -> list[dict[str, Any]]:
    """The rows of any table."""
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def parquet_of_frame(frame: "DataFrame") -> bytes:
    """A data frame as a Parquet file."""
    return written(pa.Table.from_pandas(frame, preserve_index=False))


def written(table: Any) -> bytes:
    """A table as the bytes of a Parquet file."""
    file = BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()
