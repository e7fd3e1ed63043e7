"""The service keeps what its OpenAPI document says: asked by schemathesis, which makes the requests up."""

import threading
import time

import pytest
import uvicorn

from benchmarks.contract import SHORT, judged
from servicepolicy_api.app import create_app
from servicepolicy_api.memory import open_memory, upgrade
from servicepolicy_api.settings import Settings
from servicepolicy_store import keys
from tests.api.http import misbehaving

MOST_EXAMPLES = 4


@pytest.fixture
def address_and_key(tmp_path, warm):
    """A service on a real socket whose runs end at once, and a key to it."""
    settings = Settings(store_folder=tmp_path, max_upload_bytes=200_000)
    memory = open_memory(settings)
    upgrade(memory)
    with memory.database.writing() as tx:
        _, key = keys.create(tx, "contract")
    memory.database.close()
    application = create_app(settings, entry=misbehaving.answers)
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", key
    server.should_exit = True
    thread.join()


def test_the_service_keeps_what_its_document_says(address_and_key):
    verdict = judged(*address_and_key, SHORT, MOST_EXAMPLES)
    assert verdict.passed, verdict.told
    assert verdict.requests > 200
