"""The expected answer of each scenario that runs by itself, kept beside it as expected.json.

To write them again after a change that is meant to change answers, and to read the difference line by line:

    python -m tests.scenarios.expected                # all
    python -m tests.scenarios.expected spare-parts    # one
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from servicepolicy_api.answering import answer
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.policy import Policy, SegmentPolicy
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.demand_reading import DemandFiles

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
NAMES = ("spare-parts", "synthetic-wholesaler")
SEED = 7
"""Of the synthetic wholesaler; the demo has the same."""
MEANS = ("channel", "process", "mode", "frequency", "supply", "deployment", "stock_policy")


def solved(name: str) -> Policy:
    """The answer of today."""
    scenario = read_scenario((SCENARIOS / name / "scenario.json").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        if name == "synthetic-wholesaler":
            write_wholesaler(Path(folder), SEED)
        return answer(scenario, DemandFiles(Path(folder)), lambda stage, done, word: None)


def summary(policy: Policy) -> dict[str, Any]:
    """What is kept of an answer: what is held, what it costs, and what each segment gets by which means."""
    assert policy.cost is not None
    assert policy.stock_value is not None
    return {
        "held": policy.proof.held.value,
        "objective": round(policy.cost.objective, 2),
        "cost": {part: round(amount, 2) for part, amount in policy.cost},
        "stock_value": round(policy.stock_value.total, 2),
        "baselines": {
            one.name: round(one.cost.objective, 2) if one.cost else None for one in policy.baselines
        },
        "segments": {_name(segment): _kept(segment) for segment in policy.segments},
    }


def _name(segment: SegmentPolicy) -> str:
    return f"{segment.customer_class}-{segment.item_class} {segment.region}"


def _kept(segment: SegmentPolicy) -> dict[str, Any]:
    return {
        "promised_fill_rate": segment.promised_fill_rate,
        "promised_response_hours": segment.promised_response_hours,
        "planned_fill_rate": round(segment.planned_fill_rate, 4),
        "on_time_probability": round(segment.on_time_probability, 4),
        **{name: str(getattr(segment, name)) for name in MEANS},
    }


def main(names: list[str]) -> None:
    """Write expected.json beside each of these scenarios, or beside all of them."""
    for name in names or NAMES:
        text = json.dumps(summary(solved(name)), indent=2, ensure_ascii=False) + "\n"
        (SCENARIOS / name / "expected.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
