"""The kind `backtest`: fit, promise, replay what really came."""

from servicepolicy_api.backtesting import backtested
from servicepolicy_api.export.backtest_folder import backtest_sheets
from servicepolicy_api.export.media import PARQUET, sheet_as
from servicepolicy_api.kinds.order import Answer, Listener, Order
from servicepolicy_models.backtest import BacktestPlan


def backtest(order: Order, listener: Listener) -> Answer:
    """Replay the order lines; tables `together`, `segments`, `periods`, `short_items`, ... where proved."""
    plan = BacktestPlan.model_validate(order.settings)
    found = backtested(order.question.scenario, order.question.files, plan, listener.tell)
    sheets = backtest_sheets(found) if found.proved else ()
    return Answer(
        "done" if found.proved else "nothing",
        documents={"backtest": found.model_dump_json(exclude={"items"})},
        tables={
            sheet.title.lower().replace(" ", "_"): (sheet_as(PARQUET, sheet), len(sheet.rows))
            for sheet in sheets
        },
    )
