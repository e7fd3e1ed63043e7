"""How many scenarios of 50 KB one process takes a second, beside servers that only read them.

One client, one connection, one request after the other. Every body is new, that nobody has sent before,
but where the same body is said to come again.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count, repeat
from pathlib import Path
from typing import Any

import httpx2
import orjson

from benchmarks.race import Race
from servicepolicy_api.examples import runnable_examples

EXAMPLE = "spare-parts"
BODY_BYTES, POSTS = 50_000, 200
MARK = 123_454_321
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Material:
    """Where the servers listen, and what they are sent."""

    scenario: bytes
    """A scenario that was answered before, as the short road takes it."""
    run: bytes
    """The same as a run takes it."""
    halves: tuple[bytes, bytes]
    """Of a body, before and after its seed."""
    ports: dict[str, int]
    seeds: Iterator[int] = field(default_factory=count)

    def new(self) -> Iterator[bytes]:
        """Bodies that nobody has sent before."""
        before, after = self.halves
        for _ in range(POSTS):
            yield b"%b%d%b" % (before, next(self.seeds), after)


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
    run = orjson.dumps({"scenario": scenario})
    address = f"http://127.0.0.1:{ports['ours']}/v1/runs"
    with httpx2.Client(timeout=PATIENCE_SECONDS, headers={"Content-Type": "application/json"}) as client:
        while client.post(address, content=run).json()["outcome"] is None:
            pass
    before, after = orjson.dumps({**scenario, "limits": {"seed": MARK}}).split(str(MARK).encode())
    return Material(orjson.dumps(scenario), run, (before, after), ports)


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
    _posted(material.ports["habit"], "/", material.new())


def barely(material: Material) -> None:
    """Raw body in, validated by pydantic, bytes out."""
    _posted(material.ports["bare"], "/", material.new())


def validated(material: Material) -> None:
    """Every finding, every default, and the size of the question, of a body that is new."""
    _posted(material.ports["ours"], "/v1/scenarios:validate", material.new())


def validated_again(material: Material) -> None:
    """The same of a body that comes again and again."""
    _posted(material.ports["ours"], "/v1/scenarios:validate", repeat(material.scenario, POSTS))


def solved_before(material: Material) -> None:
    """The whole policy, with its items, of a body that was answered before."""
    _posted(material.ports["ours"], "/v1/solve", repeat(material.scenario, POSTS))


def run_before(material: Material) -> None:
    """A run that gets an earlier answer: each is written down, and on the disk, before it is told."""
    _posted(material.ports["ours"], "/v1/runs", repeat(material.run, POSTS))


def _posted(port: int, path: str, bodies: Iterable[bytes]) -> None:
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
    "one written by habit say the name of the scenario. Ours also asks for a key and logs the request; it "
    "checks what refers to what and lists every default, gives a whole policy, or writes a run to the disk. "
    "Every body is new, but where the same is sent again. Memory is that of the client.",
    goal="at least 800 posts a second",
    prepare=prepare,
    contestants={
        "bare: raw body, pydantic, bytes": barely,
        "FastAPI by habit": by_habit,
        "servicepolicy, validate, new bodies": validated,
        "servicepolicy, validate, the same again": validated_again,
        "servicepolicy, policy of the same again": solved_before,
        "servicepolicy, run of the same again, written": run_before,
    },
    against="bare: raw body, pydantic, bytes",
    rounds=5,
    work=posts,
)
