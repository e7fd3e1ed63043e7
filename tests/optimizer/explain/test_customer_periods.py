"""Customers by period, from a file small enough to be added up by eye."""

import numpy as np
import pytest

from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_tables
from servicepolicy_optimizer.explain.customer_periods import customer_periods
from servicepolicy_optimizer.profile import place

HEAD = "order_no,customer_no,region,order_date,item_no,description,quantity_pieces,unit_price_eur"
LINES = [
    "1,Ada,South,2024-01-01,P,Pen,10,2",  # before the first whole period of 14 days
    "2,Ada,South,2024-01-05,P,Pen,5,2",
    "3,Ada,North,2024-01-20,Q,Quill,1,30",
    "4,Bob,South,2024-01-18,P,Pen,3,2",
    "5,,South,2024-01-06,P,Pen,7,2",
    "6,Bob,South,2024-02-01,P,Pen,4,2",
]
ITEMS = [
    "item_no,description,unit_cost_eur,list_price_eur,unit_weight_kg,unit_volume_m3",
    "P,Pen,1,2,0.1,0.001",
    "Q,Quill,9,30,0.1,0.001",
]


@pytest.fixture
def read(tmp_path, checkout):
    """Customers of the file, in periods of so many days."""
    (tmp_path / "order_lines.csv").write_text("\n".join([HEAD, *LINES]), encoding="utf-8")
    (tmp_path / "items.csv").write_text("\n".join(ITEMS), encoding="utf-8")
    scenario = read_scenario((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())

    def customers(period_days):
        with read_tables(scenario, scenario.demand, DemandFiles(tmp_path)) as tables:
            placement = place(scenario, tables.lines, tables.items, tables.customers)
            return customer_periods(scenario, placement, scenario.demand, period_days)

    return customers


def test_customers_are_added_up_by_period_and_cell(read):
    """32 days, 1 January to 1 February: two whole periods of 14 days that end with the last."""
    found = read(14)
    assert found.codes == ("Ada", "Bob")
    assert (found.first_day.isoformat(), found.last_day.isoformat()) == ("2024-01-05", "2024-02-01")
    assert found.revenue.tolist() == [[10.0, 30.0], [6.0, 8.0]]
    assert found.pieces.sum(axis=1).tolist() == [6.0, 7.0]
    assert found.lines.sum(axis=1).tolist() == [2.0, 2.0]
    year = 365 / 32
    assert found.pieces_per_year.sum(axis=(1, 2)) == pytest.approx(np.array([16.0, 7.0]) * year)
    assert found.lines_per_year.sum(axis=(0, 1)) == pytest.approx(np.array([1.0, 4.0]) * year)
    assert found.periods_per_year == pytest.approx(365 / 14)
    assert found.unnamed_revenue_share == pytest.approx(14 / (20 + 10 + 30 + 6 + 14 + 8))


def test_a_history_shorter_than_a_period_is_refused(read):
    with pytest.raises(OrderLinesRejected, match="less than one period of 33"):
        read(33)
