"""What the tests of the HTTP service share."""

import pytest

from servicepolicy_api.memory import open_memory, upgrade
from servicepolicy_api.settings import Settings

JSON = {"Content-Type": "application/json"}
STALLED_SECONDS = 6


@pytest.fixture
def many(tmp_path, postgresql):
    """The settings of a store that many processes may work on."""
    settings = Settings(
        store_folder=tmp_path, DATABASE_URL=postgresql.new_database(), stalled_seconds=STALLED_SECONDS
    )
    memory = open_memory(settings)
    upgrade(memory)
    memory.database.close()
    return settings
