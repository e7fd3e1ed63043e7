"""The kind `profile`: what the order lines say, before any policy is chosen."""

from dataclasses import replace

from servicepolicy_api import answering
from servicepolicy_api.kinds.order import Answer, Listener, Order
from servicepolicy_api.kinds.tables import parquet_of_frame


def profile(order: Order, listener: Listener) -> Answer:
    """Read the lines, and tell what customers, items and their cells amount to."""
    listener.tell("demand", 0.0, "")
    files = replace(order.question.files, heard=listener.tell)
    found, accounts = answering.profile_and_accounts(order.question.scenario, files)
    listener.tell("tables", 0.5, "")
    tables = {name: (parquet_of_frame(rows), len(rows)) for name, rows in accounts.items()}
    return Answer("done", documents={"profile": found.model_dump_json()}, tables=tables)
