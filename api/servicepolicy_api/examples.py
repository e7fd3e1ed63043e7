"""The scenarios that are shipped, by name."""

import json
from pathlib import Path

FOLDERS = (Path(__file__).parent / "scenarios", Path(__file__).parents[2] / "scenarios")
"""Where they lie: within an installed distribution, or beside the rooms in a checkout."""


def examples() -> dict[str, Path]:
    """Name -> scenario file."""
    found = (path for folder in FOLDERS for path in folder.glob("*/scenario.json"))
    return {path.parent.name: path for path in sorted(found)}


def example(name: str) -> bytes:
    """Return the scenario of that name. Raises KeyError when there is none."""
    return examples()[name].read_bytes()


def runnable_examples() -> dict[str, bytes]:
    """Name -> scenario, of those that bring their demand with them."""
    read = {name: path.read_bytes() for name, path in examples().items()}
    return {name: text for name, text in read.items() if json.loads(text)["demand"]["kind"] == "inline"}
