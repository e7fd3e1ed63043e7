"""The guess which column holds what."""

import pytest

from servicepolicy_models.demand import ColumnMap
from servicepolicy_optimizer.intake.column_guess import USUAL_NAMES, guess_columns


@pytest.mark.parametrize(
    ("columns", "guessed"),
    [
        (
            ["order_no", "item_no", "quantity_pieces", "order_date", "unit_price_eur", "customer_no", "area"],
            {"order": "order_no", "item": "item_no", "quantity": "quantity_pieces", "date": "order_date",
             "price": "unit_price_eur", "customer": "customer_no", "region": "area"},
        ),
        (["订单号", "物料编号", "数量", "日期"],
         {"order": "订单号", "item": "物料编号", "quantity": "数量", "date": "日期"}),
        (["VBELN", "MATNR", "KWMENG", "AUDAT", "KUNNR"],
         {"order": "VBELN", "item": "MATNR", "quantity": "KWMENG", "date": "AUDAT", "customer": "KUNNR"}),
        # A date of the order is no order number, though both begin alike.
        (["Order Date", "Order ID"], {"order": "Order ID", "date": "Order Date"}),
        (["a", "b"], {}),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names(columns, guessed):
    assert guess_columns(columns) == guessed


def test_every_field_can_be_guessed_and_no_name_stands_for_two():
    assert USUAL_NAMES.keys() == ColumnMap.model_fields.keys()
    names = [name for usual in USUAL_NAMES.values() for name in usual]
    assert len(names) == len(set(names))
