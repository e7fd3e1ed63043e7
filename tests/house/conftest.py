"""What the questions about the house share: the settings file, the tracked files, the rooms."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def pyproject(checkout: Path) -> dict[str, Any]:
    """pyproject.toml, read."""
    return tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def tracked(checkout: Path) -> list[Path]:
    """The files git tracks, as absolute paths."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip(f"not a git checkout: {listing.stderr.strip()}")
    return [path for name in listing.stdout.split("\0") if name and (path := checkout / name).is_file()]


@pytest.fixture(scope="session")
def python_files(tracked: list[Path]) -> list[Path]:
    """The tracked Python files."""
    return [path for path in tracked if path.suffix == ".py"]


@pytest.fixture(scope="session")
def rooms(checkout: Path, pyproject: dict[str, Any]) -> dict[str, Path]:
    """The packages that are shipped: source root -> package folder."""
    folders = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return {Path(folder).parts[0]: checkout / folder for folder in folders}
