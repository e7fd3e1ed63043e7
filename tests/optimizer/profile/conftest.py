"""What the tests of profiles share: an open workspace; its lines are added up by statements, or as arrays."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from servicepolicy_optimizer.intake import Workspace, workspace


@pytest.fixture(params=["statements", "arrays"])
def desk(tmp_path, request) -> Iterator[Workspace]:
    """A workspace of one test, which runs on both roads."""
    with workspace(tmp_path, memory_limit="500MB", threads=1) as one:
        yield replace(one, arrays_from_lines=0) if request.param == "arrays" else one
