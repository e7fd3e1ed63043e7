"""A small question in a warm process: from the JSON of the scenario to the audited policy, and over HTTP."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.error import URLError

from benchmarks.race import Race
from servicepolicy_api.examples import runnable_examples
from servicepolicy_models.consistency import require
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import in_silence

PROGRAM = Path(sys.executable).with_name("servicepolicy")
EXAMPLE = "spare-parts"
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Material:
    """The example as it is sent, and where a service listens."""

    body: bytes
    folder: Path
    address: str


def prepare(folder: Path) -> Material:
    """Start a service on a store of its own; it ends with this process."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = {"SERVICEPOLICY_STORE_FOLDER": str(folder / "store"), "SERVICEPOLICY_RECALL_BYTES": "0"}
    environment = {**os.environ, **store}
    environment.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    atexit.register(_end, server.pid)
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + PATIENCE_SECONDS
    while not _is_ready(address):
        if time.monotonic() > end:
            raise TimeoutError("the service does not answer")
        time.sleep(0.1)
    return Material(runnable_examples()[EXAMPLE], folder, address)


def policy_alone(material: Material) -> str:
    """Read, check, solve and audit; no baselines, no bound of the item level."""
    scenario = read_scenario(material.body)
    require(scenario)
    reply = ask(scenario, read_demand(scenario, DemandFiles(material.folder)), Memory())
    assert reply.policy is not None
    return reply.policy.model_dump_json()


def whole_answer(material: Material) -> str:
    """The same with baselines, bound and waits."""
    scenario = read_scenario(material.body)
    require(scenario)
    facts = read_demand(scenario, DemandFiles(material.folder))
    return recommend(scenario, facts, perf_counter, in_silence).model_dump_json()


def over_http(material: Material) -> bytes:
    """POST /v1/solve: a run in a process of its own, written down, answered.

    Another seed each time: no question was answered before.
    """
    document = json.loads(material.body)
    document["limits"] = {**document.get("limits", {}), "seed": time.time_ns() % 1_000_000_000}
    return _post(material, "/v1/solve", json.dumps(document).encode())


def checked_over_http(material: Material) -> bytes:
    """POST /v1/scenarios:validate: the same way without a solve."""
    return _post(material, "/v1/scenarios:validate", material.body)


def _post(material: Material, path: str, body: bytes) -> bytes:
    request = urllib.request.Request(
        f"{material.address}{path}", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        content: bytes = answer.read()
    return content


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def _end(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)


def questions(material: Material) -> tuple[float, str]:
    """One question a round."""
    return 1.0, "questions"


RACE = Race(
    name="A small question, warm",
    about=f"The example `{EXAMPLE}`: nine segments, twelve items, decided item by item. Demand comes inline. "
    "Over HTTP the service keeps every answer in its store, and computes in a process of its own; no "
    "question was asked before, and nothing is recalled. Memory of the last two is that of the client.",
    goal="told, not set",
    prepare=prepare,
    contestants={
        "JSON in, policy alone out": policy_alone,
        "JSON in, whole answer out": whole_answer,
        "the whole answer over HTTP": over_http,
        "HTTP without a solve": checked_over_http,
    },
    against="JSON in, whole answer out",
    rounds=5,
    work=questions,
)
