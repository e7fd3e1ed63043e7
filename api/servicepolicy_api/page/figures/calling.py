"""How a run is called, and where it is looked at."""

from collections.abc import Mapping
from typing import Any

import orjson

from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.words import word
from servicepolicy_store.run_noun import Run, State

SHORT = 6
"""So many last digits of an id tell runs apart."""


def called(here: Here, run: Run) -> str:
    """What a run is about: the scenario's name and version, or the end of its id."""
    words = here.words.runs
    if run.kind == "comparison":
        return words.compared.format(n=len(run.settings.get("runs", ())))
    if run.scenario_name is None:
        return words.unnamed.format(id=run.id[-SHORT:])
    name = f"{run.scenario_name} v{run.scenario_version}"
    if run.patch is None:
        return name
    patch = orjson.loads(run.patch)
    if patch.get("name"):
        return str(patch["name"])
    figures = _figures(patch)
    return f"{name}, {figures}" if figures else words.patched.format(name=name)


def _figures(patch: Mapping[str, Any], most: int = 2) -> str:
    """What a patch changes, where it is no more than a figure or two; empty where it is more.

    >>> _figures({"carrying_rate_per_year": 0.3, "budgets": {"co2e_kg": 9}}), _figures({"targets": []})
    ('carrying rate per year 0.3, co2e kg 9', '')
    """
    told, open_ones = [], [patch]
    for part in open_ones:
        for name, value in part.items():
            if isinstance(value, Mapping):
                open_ones.append(value)
            elif isinstance(value, int | float):
                told.append(f"{name.replace('_', ' ')} {value:g}")
            else:
                return ""
    return ", ".join(told) if len(told) <= most else ""


def told_apart(here: Here, runs: list[Run]) -> list[str]:
    """What several runs are called, each otherwise than the others."""
    names = [called(here, run) for run in runs]
    return [
        name if names.count(name) == 1 else f"{name} · {run.id[-SHORT:]}"
        for name, run in zip(names, runs, strict=True)
    ]


def standing(here: Here, run: Run) -> str:
    """Where a run is, or what it holds."""
    said = run.outcome if run.state.is_final and run.outcome and run.state is not State.CANCELLED else None
    return word(here.words.states, said or run.state.value)


def place_of(run: Run) -> str:
    """The address of the screen that shows a run best."""
    if run.kind == "frontier":
        return addresses.frontier(run.id)
    if run.kind == "sweep":
        return addresses.sweep(run.id)
    if run.kind == "comparison" and run.state.is_final:
        return addresses.compare(*run.settings.get("runs", ()))
    if run.kind == "solve" and run.outcome in ("optimal", "feasible"):
        return addresses.policy(run.id)
    return addresses.run(run.id)
