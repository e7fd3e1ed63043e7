"""What tests of every room may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from benchmarks.postgresql import Cluster, NotInstalled, cluster

CHECKOUT = Path(__file__).resolve().parents[1]

# Of itself, hypothesis times every example where it does not know that it is under CI.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data and oracles: SERVICEPOLICY_SHARED, or `shared` beside the checkout."""
    folder = Path(os.environ.get("SERVICEPOLICY_SHARED") or CHECKOUT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no shared data: {folder} is not a folder; set SERVICEPOLICY_SHARED")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A running PostgreSQL of the tests' own. Where there is none: fails under CI, and skips elsewhere."""
    try:
        with cluster() as running:
            yield running
    except NotInstalled as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing.__doc__))
