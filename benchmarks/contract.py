"""Ask the service what its OpenAPI document allows, and what it does not: `make contract`.

schemathesis makes up the requests and judges the answers: no 5xx, no status, header, media type or field that
the document does not name, nothing accepted that it forbids; and in chains of requests too.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import PROGRAM, Installation, installation

CONFIG = Path(__file__).with_name("contract.toml")
SHORT = Path(__file__).with_name("contract_short.toml")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@dataclass(frozen=True)
class Verdict:
    """What schemathesis says."""

    passed: bool
    requests: int
    told: str


def judged(address: str, key: str, config: Path, most_examples: int) -> Verdict:
    """Have a running service asked, as the owner of an API key."""
    with tempfile.TemporaryDirectory() as folder:
        words: list[str | Path] = [
            SCHEMATHESIS, "--config-file", config, "run", f"{address}/openapi.json", "--no-color",
            "--header", f"Authorization: Bearer {key}", "--max-examples", str(most_examples),
            "--seed", "1", "--continue-on-failure", "--suppress-health-check", "all", "--checks", "all",
        ]  # fmt: skip
        told = subprocess.run(words, capture_output=True, text=True, cwd=folder)
    counted = re.search(r"^\s*([\d,]+) generated", told.stdout, re.MULTILINE)
    requests = int(counted[1].replace(",", "")) if counted else 0
    return Verdict(told.returncode == 0 and requests > 0, requests, told.stdout + told.stderr)


def _key(service: Installation) -> str:
    environment = {**os.environ, **service.server.environment}
    words: list[str | Path] = [PROGRAM, "keys", "create", "contract"]
    told = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    return str(told.stdout).strip()


def main() -> None:
    """Judge a real service on the databases that are asked for."""
    parser = argparse.ArgumentParser(description="Ask the service what its OpenAPI document allows.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--examples", type=int, default=30, help="at most so many a route and phase")
    parser.add_argument("--short", action="store_true", help="leave every field of a scenario out")
    asked = parser.parse_args()
    failed = False
    names = [asked.database] if asked.database else ["sqlite", "postgresql"]
    for database in names:
        with installation(database, workers=1, solve_seconds="5", waiting_solves="1000") as service:
            config = SHORT if asked.short else CONFIG
            verdict = judged(service.address, _key(service), config, asked.examples)
        print(verdict.told, flush=True)
        print(f"{database}: {verdict.requests} requests, passed: {verdict.passed}", flush=True)
        failed |= not verdict.passed
    sys.exit(failed)


if __name__ == "__main__":
    main()
