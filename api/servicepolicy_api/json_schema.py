"""The JSON Schemas (2020-12) of the question and the answers."""

import json

from pydantic import BaseModel

from servicepolicy_models.backtest import Backtest
from servicepolicy_models.class_search import ClassSearch
from servicepolicy_models.comparison import Comparison
from servicepolicy_models.frontier import Frontier
from servicepolicy_models.futures import RobustPolicy
from servicepolicy_models.policy import Policy
from servicepolicy_models.prices import Prices
from servicepolicy_models.qualification import Qualification
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.screening import Screening
from servicepolicy_models.simulation import Simulation

NOUN_OF: dict[str, type[BaseModel]] = {
    "scenario": Scenario,
    "policy": Policy,
    "simulation": Simulation,
    "backtest": Backtest,
    "repairs": Repairs,
    "prices": Prices,
    "frontier": Frontier,
    "comparison": Comparison,
    "robust": RobustPolicy,
    "screening": Screening,
    "classes": ClassSearch,
    "qualification": Qualification,
}


def json_schema(document: str) -> str:
    """Return the schema of `scenario` (as it may be written) or of an answer (as it is answered), as text."""
    noun = NOUN_OF[document]
    schema = noun.model_json_schema(mode="validation" if noun is Scenario else "serialization")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2, ensure_ascii=False) + "\n"
