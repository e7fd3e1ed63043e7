"""A local Spark finds the same profile as the database of one machine, number for number."""

import random
import shutil
from datetime import date, timedelta

import pandas as pd
import pytest

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected, ScenarioRejected
from servicepolicy_optimizer.intake import read_item_table, workspace
from servicepolicy_optimizer.profile import activity
from tests.optimizer.profile.questions import COLUMNS, cleaned_lines, order_lines, question, write_lines

sql = pytest.importorskip(
    "pyspark.sql", reason="the extra `spark` is not installed; `make test-spark` installs it apart"
)
if shutil.which("java") is None:
    pytest.skip("Spark needs Java 17 or later, and there is no java on the path", allow_module_level=True)

# Spark's own remarks on the pandas that it finds are not ours to mend.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

SOURCE = order_lines(
    cleaning=CleaningRules(
        cancellation_order_pattern="^C", non_product_pattern="^FEE$", drop_incomplete_last_month=True
    )
)
SCENARIO = question(
    SOURCE,
    items={"unit_cost_share_of_price": 0.6, "unit_cost": 1.0},
    segmentation={
        "customers": {"classes": ["A", "B", "C"], "cut_offs": [0.2, 0.5], "overrides": {"k3": "A"}},
        "items": {"classes": ["X", "Y"], "cut_offs": [0.4], "measure": "pieces"},
        "regions": [{"name": "N", "values": ["north", "it's"]}, {"name": "rest", "values": ["*"]}],
    },
)


@pytest.fixture(scope="module")
def spark():
    """A Spark on this machine, with one thread; the tests' tables are small."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
    }
    builder = sql.SparkSession.builder.master("local[1]").appName("tests")
    for name, setting in settings.items():
        builder = builder.config(name, setting)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def dirty_rows(count, seed):
    """Order lines with everything that the cleaning rules know."""
    dice = random.Random(seed)
    rows = []
    for _ in range(count):
        order = dice.randrange(count // 4)
        rows.append(
            (
                f"C{order}" if dice.random() < 0.1 else f"o{order}",
                dice.choice(["X", "x", "Y", "Z", " Q", "FEE", *(f"P{n}" for n in range(20))]),
                dice.choice([1.0, 2.0, 5.0, 2.5, 7.3, 0.0, -1.0, -2.0]),
                str(date(2021, 1, 1) + timedelta(days=dice.randrange(99))),
                dice.choice([1.0, 2.55, 0.1, 13.37, 0.0, -3.0, None]),
                dice.choice(["k1", "k2", "k3", "k4", "k5", None]),
                dice.choice(["north", "it's", "south", None]),
            )
        )
    return [*rows, *dice.sample(rows, count // 20)]


def on_one_machine(path, tmp_path, items=None):
    with workspace(tmp_path) as desk:
        cleaned = cleaned_lines(desk, path, SOURCE)
        beside = None if items is None else read_item_table(items_of(), items, desk)
        return activity(SCENARIO, cleaned, beside)


def items_of():
    from servicepolicy_models.demand import ItemColumns

    return ItemColumns(item="item", unit_cost="unit_cost", unit_price="unit_price")


def told(profile):
    """All numbers; what is said of the order of the rows in the file has no meaning on a cluster."""
    findings = [
        (one.rule, one.count, one.what) for one in profile.findings if one.rule != "order_lines.row_order"
    ]
    return profile.model_dump(exclude={"findings"}), sorted(findings)


def test_dirty_lines_in_parquet_give_the_same_profile(spark, tmp_path):
    from servicepolicy_optimizer.cluster.profiling import profile_on_spark

    frame = pd.DataFrame(dirty_rows(800, 1), columns=list(COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"])
    frame.to_parquet(tmp_path / "lines.parquet", index=False)
    found = profile_on_spark(spark, SCENARIO, str(tmp_path / "lines.parquet"))
    assert told(found) == told(on_one_machine(tmp_path / "lines.parquet", tmp_path))


def test_dirty_lines_in_a_text_beside_an_item_table_give_the_same_profile(spark, tmp_path):
    from servicepolicy_optimizer.cluster.profiling import profile_on_spark

    path = write_lines(tmp_path / "lines.csv", dirty_rows(300, 2))
    items = tmp_path / "items.csv"
    items.write_text("item,unit_cost,unit_price\nX,0.5,2\nP3,0.75,\nIDLE,1,1\n")
    scenario = SCENARIO.model_copy(update={"demand": SOURCE.model_copy(update={"item_columns": items_of()})})
    found = profile_on_spark(spark, scenario, str(path), items=items)
    assert told(found) == told(on_one_machine(path, tmp_path, items))


def test_what_is_wrong_with_the_lines_is_told_as_on_one_machine(spark, tmp_path):
    from servicepolicy_optimizer.cluster.profiling import profile_on_spark

    rows = [("o1", "x", "many", "2021-01-01", 1, "k", "N"), ("o2", None, 1, "soon", 1, "k", "N")]
    with pytest.raises(OrderLinesRejected) as caught:
        profile_on_spark(spark, SCENARIO, str(write_lines(tmp_path / "lines.csv", rows)))
    assert {one.rule for one in caught.value.findings} == {
        "table.empty_cell",
        "table.unreadable_number",
        "table.unreadable_date",
    }
    inline = SCENARIO.model_copy(update={"demand": None})
    with pytest.raises(ScenarioRejected):
        profile_on_spark(spark, inline, "nowhere.parquet")
