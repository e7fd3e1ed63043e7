"""How many scenarios of 50 KB one process takes a second, beside servers that only read them.

One client, one connection, one request after the other; every body is another one, but for the question that
was answered before.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import orjson

from benchmarks.race import Race
from servicepolicy_api.examples import runnable_examples

EXAMPLE = "spare-parts"
BODY_BYTES, POSTS = 50_000, 200
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Material:
    """Where the servers listen, and what they are sent."""

    bodies: tuple[bytes, ...]
    answered: bytes
    """A run that was answered before."""
    ports: dict[str, int]


def prepare(folder: Path) -> Material:
    """Start all three servers, and have the question answered; they end with this process."""
    python = Path(sys.executable)
    uvicorn = [python, "-m", "uvicorn", "--log-level", "warning", "--no-access-log", "--port"]
    ports = {
        "habit": _started([*uvicorn, "{port}", "benchmarks.trivial_servers:habit"], folder, "/docs"),
        "bare": _started([*uvicorn, "{port}", "benchmarks.trivial_servers:bare"], folder, "/"),
        "ours": _started([python.with_name("servicepolicy"), "serve", "--port", "{port}"], folder, "/readyz"),
    }
    scenario = large_scenario()
    asked = orjson.dumps({"scenario": scenario})
    address = f"http://127.0.0.1:{ports['ours']}/v1/runs"
    with httpx2.Client(timeout=PATIENCE_SECONDS, headers={"Content-Type": "application/json"}) as client:
        while client.post(address, content=asked).json()["outcome"] is None:
            pass
    bodies = [orjson.dumps({**scenario, "limits": {"seed": number}}) for number in range(POSTS)]
    return Material(tuple(bodies), asked, ports)


def large_scenario() -> dict[str, Any]:
    """The example with its items again and again, under other names, until it has the size."""
    scenario: dict[str, Any] = orjson.loads(runnable_examples()[EXAMPLE])
    items = scenario["demand"]["items"]
    own, number = list(items), 0
    while len(orjson.dumps(scenario)) < BODY_BYTES:
        number += 1
        items.append({**own[number % len(own)], "item": f"again-{number}"})
    return scenario


def by_habit(material: Material) -> None:
    """FastAPI as it is written by habit."""
    _posted(material.ports["habit"], "/", material.bodies)


def barely(material: Material) -> None:
    """Raw body in, validated by pydantic, bytes out."""
    _posted(material.ports["bare"], "/", material.bodies)


def validated(material: Material) -> None:
    """Every finding, every default, and the size of the question."""
    _posted(material.ports["ours"], "/v1/scenarios:validate", material.bodies)


def answered_before(material: Material) -> None:
    """A run that gets an earlier answer: it is written down, and on the disk."""
    _posted(material.ports["ours"], "/v1/runs", [material.answered] * POSTS)


def _posted(port: int, path: str, bodies: "tuple[bytes, ...] | list[bytes]") -> None:
    """Post over one connection, without the cost of a client that can do more."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for body in bodies:
            head = f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            _read_answer(connection)


def _read_answer(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, rest = received.partition(b"\r\n\r\n")
    status, *fields = head.lower().split(b"\r\n")
    if b" 200 " not in status:
        raise RuntimeError(f"a server answered {status.decode()}")
    (length,) = (int(field.split(b":")[1]) for field in fields if field.startswith(b"content-length:"))
    left = length - len(rest)
    while left > 0:
        left -= len(connection.recv(min(left, 65_536)))


def _started(words: list[Any], folder: Path, ready: str) -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "SERVICEPOLICY_STORE_FOLDER": str(folder / "store")}
    environment.pop("DATABASE_URL", None)
    server = subprocess.Popen(
        [str(word).replace("{port}", str(port)) for word in words],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    atexit.register(_end, server.pid)
    end = time.monotonic() + PATIENCE_SECONDS
    while not _is_ready(f"http://127.0.0.1:{port}{ready}"):
        if time.monotonic() > end or server.poll() is not None:
            raise TimeoutError("a server does not answer")
        time.sleep(0.1)
    return port


def _is_ready(address: str) -> bool:
    with suppress(httpx2.HTTPError):
        return httpx2.get(address).status_code != 503
    return False


def _end(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def posts(material: Material) -> tuple[float, str]:
    """So many a round."""
    return float(POSTS), "posts"


RACE = Race(
    name="Scenarios of 50 KB posted to one process",
    about="One client on one connection, one request after the other; wall seconds. The bare server and the "
    "one written by habit say the name of the scenario. Ours also asks for a key, logs the request, checks "
    "what refers to what and lists every default, or writes a run to the disk. Memory is that of the client.",
    goal="at least 800 posts a second",
    prepare=prepare,
    contestants={
        "bare: raw body, pydantic, bytes": barely,
        "FastAPI by habit": by_habit,
        "servicepolicy, validate": validated,
        "servicepolicy, answered before": answered_before,
    },
    against="bare: raw body, pydantic, bytes",
    rounds=5,
    work=posts,
)
