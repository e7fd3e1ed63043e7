"""The whole profile on a cluster: the statements of one machine, run by Spark."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import duckdb
from pyspark.sql import SparkSession

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.profile import Profile
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.cluster.connection import SparkConnection
from servicepolicy_optimizer.cluster.reading import order_table
from servicepolicy_optimizer.demand_reading import customer_table, item_table
from servicepolicy_optimizer.intake import SideTable, Workspace, workspace
from servicepolicy_optimizer.profile import activity, clean


def profile_on_spark(
    session: SparkSession,
    scenario: Scenario,
    orders: str,
    items: Path | None = None,
    customers: Path | None = None,
) -> Profile:
    """The sales activity profiles of order lines that a cluster reads; the same numbers as on one machine.

    `orders`: a Parquet file or folder, or a CSV file, by a name that the cluster knows (`s3a://...`). `items`
    and `customers`: the tables beside them, on this machine. Checks, cleaning, classes and sums are Spark's
    work; what comes back has as many rows as customers, items and periods, never as many as lines. Works in a
    session of its own, so tables and settings of the caller's stay as they are. Raises as on one machine.
    """
    if not isinstance(scenario.demand, OrderLines):
        what, mend = "The demand is given inline; there are no order lines.", "Describe order lines."
        raise ScenarioRejected([error("/demand/kind", what, "demand.no_order_lines", mend)])
    source, own = scenario.demand, session.newSession()
    own.conf.set("spark.sql.session.timeZone", "UTC")
    with TemporaryDirectory(prefix="servicepolicy-") as folder, workspace(Path(folder)) as beside:
        # It answers as a DuckDB connection does, as far as the profile asks.
        desk = Workspace(cast(duckdb.DuckDBPyConnection, SparkConnection(own)), Path(folder), is_here=False)
        cleaned = clean(order_table(own, source, orders, desk), source.cleaning)
        return activity(
            scenario,
            cleaned,
            _handed_over(item_table(source, items, beside), own, desk),
            _handed_over(customer_table(source, customers, beside), own, desk),
        )


def _handed_over(table: SideTable | None, session: SparkSession, desk: Workspace) -> SideTable | None:
    """A small table that was read on this machine, as a view of the cluster's."""
    if table is None:
        return None
    name = desk.fresh("beside")
    rows = table.desk.connection.execute(f"SELECT * FROM {table.table}").to_arrow_table()
    session.createDataFrame(rows).createOrReplaceTempView(name)
    return SideTable(desk, name, table.file_name, table.given, table.rows, table.findings)
