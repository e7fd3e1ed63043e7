"""The kind `simulate`: a policy played, that of an earlier run or one found first."""

from servicepolicy_api.answering import answer
from servicepolicy_api.export.media import PARQUET, sheet_as
from servicepolicy_api.export.simulation_sheets import (
    simulated_item_classes,
    simulated_items,
    simulated_segments,
)
from servicepolicy_api.kinds.order import Answer, Listener, Order
from servicepolicy_api.simulating import simulated, usual_demand
from servicepolicy_models.simulation import Simulation, SimulationSettings

TABLES = {
    "segments": simulated_segments, "item_classes": simulated_item_classes, "items": simulated_items,
}  # fmt: skip


def simulate(order: Order, listener: Listener) -> Answer:
    """Play the policy; what customers got stands beside what they were promised."""
    scenario, files = order.question.scenario, order.question.files
    played = order.settings.get("play")
    settings = (
        SimulationSettings(demand=usual_demand(scenario))
        if played is None
        else SimulationSettings.model_validate(played)
    )
    policy = order.policy or answer(scenario, files, listener.tell)
    return answer_of(simulated(scenario, files, policy, settings, listener.tell))


def answer_of(found: Simulation) -> Answer:
    """A simulation as a document and tables: the items, which may be many, apart."""
    sheets = {name: make(found) for name, make in TABLES.items()}
    return Answer(
        "done",
        documents={"simulation": found.model_copy(update={"items": ()}).model_dump_json()},
        tables={name: (sheet_as(PARQUET, sheet), len(sheet.rows)) for name, sheet in sheets.items()},
    )
