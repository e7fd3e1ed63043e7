"""Order lines in files that a Spark cluster reads -> a checked view, by the same rules as everywhere."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as fn

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.findings import Severity
from servicepolicy_optimizer.intake.checks import row_findings
from servicepolicy_optimizer.intake.fields import Field, missing_columns
from servicepolicy_optimizer.intake.loaded import Loaded, Writing, blank, read_columns
from servicepolicy_optimizer.intake.order_lines import ORDER_TABLE_COLUMNS, OrderTable, order_line_fields
from servicepolicy_optimizer.intake.workspace import Workspace

FILE_ROWS = 1 << 40
"""No file has so many rows: row numbers of one file after another never meet."""

DUCKDB_NAME = {
    "string": "VARCHAR",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamp_ntz": "TIMESTAMP",
}
"""Spark type -> the name by which the statements know it."""


def order_table(session: SparkSession, source: OrderLines, path: str, desk: Workspace) -> OrderTable:
    """Check a Parquet file or folder, or a CSV file with dates in ISO order, where the cluster finds it.

    Raises OrderLinesRejected with everything that blocks, as `read_order_lines` does.
    """
    if source.date_format is not None:
        what, mend = "a cluster reads dates in ISO order only.", "Write them as 2011-12-31, or as Parquet."
        raise OrderLinesRejected([error("/demand/date_format", what, "order_lines.date_format", mend)])
    frame, fields = _with_row_numbers(session, path), order_line_fields(source)
    name = path.rstrip("/").rpartition("/")[2]
    if absent := missing_columns(fields, frame.columns, name):
        raise OrderLinesRejected(absent)
    loaded = _loaded(frame, name, fields, Writing(None, source.decimal), desk)
    if loaded.rows == 0:
        raise OrderLinesRejected([error(name, "holds no rows.", "table.empty", "Hand in a file with rows.")])
    findings = row_findings(loaded, fields, desk, source, None)
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise OrderLinesRejected(blocking)
    table = desk.fresh("order_line")
    columns = ", ".join(ORDER_TABLE_COLUMNS)
    desk.connection.execute(f"CREATE VIEW {table} AS SELECT {columns} FROM {loaded.table}")
    return OrderTable(desk, table, source, name, loaded.rows, tuple(findings))


def _with_row_numbers(session: SparkSession, path: str) -> DataFrame:
    """All columns, and `row`: numbers that rise through a file, and from file to file by name."""
    if path.lower().endswith((".csv", ".csv.gz")):
        # Numbers given while a text is read change when it is read again, so the rows are kept.
        lines = session.read.csv(path, header=True, mode="FAILFAST")
        return lines.withColumn("row", fn.monotonically_increasing_id() + 2).persist()
    lines = session.read.parquet(path)
    file, place = fn.col("_metadata.file_path"), fn.col("_metadata.row_index")
    files = sorted(row[0] for row in lines.select(file).distinct().collect())
    number = fn.array_position(fn.array(*(fn.lit(one) for one in files)), file) - 1
    return lines.withColumn("row", number * FILE_ROWS + place + 1)


def _loaded(
    frame: DataFrame, name: str, fields: tuple[Field, ...], writing: Writing, desk: Workspace
) -> Loaded:
    types = {column: DUCKDB_NAME.get(kind, kind.upper()) for column, kind in frame.dtypes}
    source, table = desk.fresh("source"), desk.fresh("line")
    frame.createOrReplaceTempView(source)
    columns = ", ".join(read_columns(types, fields, writing))
    desk.connection.execute(
        f"CREATE VIEW {table} AS SELECT row, {columns} FROM {source} WHERE NOT ({blank(types, fields)})"
    )
    rows = desk.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    return Loaded(table, name, "row", rows, ())
