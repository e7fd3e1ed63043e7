"""Scenarios and runs for the flows, put there over HTTP as an ERP system would."""

import copy
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests.api.cli.test_explanations import SMALL
from tests.lasting import lasting

TIGHT = SMALL | {"budgets": {"inventory_value": 300.0}}
ITEMS = 55
FINAL = ("succeeded", "failed", "cancelled")
PATIENCE_SECONDS = 600
"""A bound for what hangs; a busy machine takes its time to solve."""
SPARE_PARTS = Path(__file__).parents[2] / "scenarios" / "spare-parts" / "scenario.json"


def many_items() -> dict[str, Any]:
    """A scenario with more items than a page shows."""
    scenario = copy.deepcopy(SMALL)
    (one,) = scenario["demand"]["items"]
    scenario["demand"]["items"] = [{**one, "item": f"part-{n:02}"} for n in range(ITEMS)]
    return scenario


def spare_parts(**changes: Any) -> dict[str, Any]:
    """The example of nine segments."""
    read: dict[str, Any] = json.loads(SPARE_PARTS.read_text(encoding="utf-8"))
    return read | changes


def long_question(**changes: Any) -> dict[str, Any]:
    """The same parts under many names: a solve that a reader can interrupt before it ends."""
    return lasting(spare_parts(**changes))


class Questions:
    """Asks a service."""

    def __init__(self, address: str) -> None:
        """Ask the service at an address."""
        self.address = address

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Send a request, and return what it answers."""
        said = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        content = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address}{path}", content, said, method=method)
        with urlopen(request, timeout=PATIENCE_SECONDS) as answered:
            read: dict[str, Any] = json.loads(answered.read())
        return read

    def keep(self, name: str, scenario: dict[str, Any], version: int | None = None) -> None:
        """Keep a scenario under a name: a new one, or the version after that one."""
        match = {"If_None_Match": "*"} if version is None else {"If_Match": f'"{version}"'}
        self.send("PUT", f"/v1/scenarios/{quote(name)}", scenario, **match)

    def asked(self, route: str, **body: Any) -> str:
        """Ask for a run, wait for its end, and return its id."""
        run = self.send("POST", f"/v1/{route}", body, Prefer="respond-async")
        return str(self.ended(str(run["id"]))["id"])

    @staticmethod
    def of(path: str) -> str:
        """The run whose screen is at a path."""
        return path.rpartition("/")[2]

    def ended(self, run_id: str) -> dict[str, Any]:
        """A run when it has ended."""
        since = time.monotonic()
        while time.monotonic() - since < PATIENCE_SECONDS:
            run = self.send("GET", f"/v1/runs/{run_id}")
            if run["state"] in FINAL:
                return run
            time.sleep(0.1)
        raise AssertionError(run)
