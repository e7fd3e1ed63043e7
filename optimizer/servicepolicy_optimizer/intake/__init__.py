"""Files of order lines, items and customers -> checked tables in a workspace; all complaints at once."""

from servicepolicy_optimizer.intake.forecast_table import read_forecast_table
from servicepolicy_optimizer.intake.order_lines import OrderTable, read_order_lines, with_history
from servicepolicy_optimizer.intake.tables import SideTable, read_customer_table, read_item_table
from servicepolicy_optimizer.intake.workspace import Workspace, workspace

__all__ = [
    "OrderTable",
    "SideTable",
    "Workspace",
    "read_customer_table",
    "read_forecast_table",
    "read_item_table",
    "read_order_lines",
    "with_history",
    "workspace",
]
