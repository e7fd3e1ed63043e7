"""A Spark session that answers the statements of the profile as a DuckDB connection does."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession

from servicepolicy_optimizer.cluster.statements import in_spark


class SparkConnection:
    """Runs statements written for DuckDB on Spark; what they make are temporary views of the session.

    A table is worked out once and kept by the executors; a view is worked out by whoever asks.
    """

    def __init__(self, session: SparkSession) -> None:
        """Answer with this session."""
        self._session = session

    def execute(self, statement: str) -> "SparkRows":
        """Run one statement."""
        said = in_spark(statement)
        if said.drops is not None:
            self._session.catalog.dropTempView(said.drops)
            return SparkRows(None)
        frame = self._session.sql(said.query)
        if said.creates is None:
            return SparkRows(frame)
        if not said.is_view:
            # Without the plan that made it: plans within plans would grow from table to table.
            frame = frame.localCheckpoint(eager=True)
        frame.createOrReplaceTempView(said.creates)
        return SparkRows(None)

    def sql(self, query: str) -> DataFrame:
        """A query as a frame, not worked out yet."""
        return self._session.sql(in_spark(query).query)


class SparkRows:
    """What a statement answers."""

    def __init__(self, frame: DataFrame | None) -> None:
        """The rows of a frame; of None, there are none."""
        self._frame = frame

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return [] if self._frame is None else [tuple(row) for row in self._frame.collect()]

    def fetchnumpy(self) -> dict[str, Any]:
        """All rows as arrays, column by column."""
        if self._frame is None:
            return {}
        found = self._frame.toArrow()
        return {name: found.column(name).to_numpy() for name in found.column_names}
