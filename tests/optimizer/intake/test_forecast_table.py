"""Forecasts from a file: what is read, and everything that is wrong with it at once."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from servicepolicy_models.errors import TableRejected
from servicepolicy_optimizer.forecast.given_reading import given_forecasts
from servicepolicy_optimizer.intake import read_forecast_table
from tests.optimizer.backtest.worlds import history

KNOWN = history([(day, item, 0, 1) for day in (0, 29) for item in range(3)], 30)  # from 2024-01-01


def read(desk, tmp_path, rows, columns="item,made_on,pieces_per_day", name="own.csv"):
    """A file of rows through intake."""
    path = tmp_path / name
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return read_forecast_table(path, desk)


def test_rows_come_in_the_order_in_which_they_were_made(desk, tmp_path):
    rows = ["i0001,2024-01-03,2.5,,0.5", "I0000,2023-12-30,1,4,", "I0001,2024-01-03 08:00,3,,"]
    columns = "item,made_on,pieces_per_day,error_sd_pieces,relative_error"
    found, findings = given_forecasts(read(desk, tmp_path, rows, columns), KNOWN)
    assert KNOWN.first_day == date(2024, 1, 1)
    assert found.item.tolist() == [0, 1, 1]
    assert found.made_on.tolist() == [-2, 2, 3]  # made at eight: known from the next morning
    assert found.pieces_per_day.tolist() == [1.0, 2.5, 3.0]
    np.testing.assert_equal(found.error_sd_pieces, [4.0, np.nan, np.nan])
    np.testing.assert_equal(found.relative_error, [np.nan, 0.5, np.nan])
    assert findings == ()


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_other_formats(desk, tmp_path, ending):
    table = pd.DataFrame(
        {"item": ["I0000"], "made_on": [pd.Timestamp("2024-01-05")], "pieces_per_day": [1.5]}
    )
    path = tmp_path / f"own.{ending}"
    if ending == "parquet":
        table.to_parquet(path)
    else:
        table.to_excel(path, index=False, engine="xlsxwriter")
    found, _ = given_forecasts(read_forecast_table(path, desk), KNOWN)
    assert (found.made_on.tolist(), found.pieces_per_day.tolist()) == ([4], [1.5])
    assert np.isnan(found.error_sd_pieces).all()


def test_all_that_blocks_is_told_at_once(desk, tmp_path):
    rows = [
        "I0000,2024-01-03,-2,,", "I0000,soon,2,,", "I0001,2024-01-03,,,", ",2024-01-03,1,,",
        "I0002,2024-01-03,1,,", "I0002,2024-01-03,2,,", "I0001,2024-01-04,many,,", "I0001,2024-01-05,1,2,3",
    ]  # fmt: skip
    columns = "item,made_on,pieces_per_day,error_sd_pieces,relative_error"
    with pytest.raises(TableRejected) as refused:
        read(desk, tmp_path, rows, columns)
    assert {one.rule for one in refused.value.findings} == {
        "table.number_out_of_range", "table.unreadable_date", "table.empty_cell", "forecast.repeated",
        "table.unreadable_number", "forecast.two_errors",
    }  # fmt: skip
    assert all(one.mend for one in refused.value.findings)


def test_what_cannot_be_used_is_left_out_and_counted(desk, tmp_path):
    rows = [
        "I0000,2024-01-03,1", "I0000,2024-01-03,1", "X,2024-01-03,1", "X,2024-01-04,1",
        "I0001,2024-01-31,1", "I0001,2024-02-01,1",
    ]  # fmt: skip
    found, findings = given_forecasts(read(desk, tmp_path, rows), KNOWN)
    assert found.made_on.tolist() == [2, 30]  # the day after the history may still be planned for
    assert {one.rule: one.count for one in findings} == {
        "forecast.repeated": 1, "forecast.unknown_item": 2, "forecast.made_after_history": 1,
    }  # fmt: skip


def test_a_table_without_any_use_is_refused(desk, tmp_path):
    table = read(desk, tmp_path, ["X,2024-01-03,1", "I0001,2024-02-01,1"])
    with pytest.raises(TableRejected) as refused:
        given_forecasts(table, KNOWN)
    assert refused.value.findings[0].rule == "forecast.none_usable"


def test_a_missing_column_is_told(desk, tmp_path):
    with pytest.raises(TableRejected) as refused:
        read(desk, tmp_path, ["I0000,1"], "item,pieces_per_day")
    assert [one.rule for one in refused.value.findings] == ["table.missing_column"]
