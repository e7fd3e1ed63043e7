"""What the tests of profiles share: an open workspace."""

from collections.abc import Iterator

import pytest

from servicepolicy_optimizer.intake import Workspace, workspace


@pytest.fixture
def desk(tmp_path) -> Iterator[Workspace]:
    """A workspace of one test."""
    with workspace(tmp_path, memory_limit="500MB", threads=1) as one:
        yield one
