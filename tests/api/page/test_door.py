"""The door of the page, asked without a browser."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from servicepolicy_api.access import Keyring
from servicepolicy_api.memory import open_memory, upgrade
from servicepolicy_api.page import addresses
from servicepolicy_api.page.door import COOKIE, Door
from servicepolicy_api.settings import Settings
from servicepolicy_store import keys
from servicepolicy_store.errors import StoreUnavailable


async def inside(scope, receive, send):
    """What lies behind the door."""
    if scope["type"] == "http":
        await PlainTextResponse("inside")(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})


@pytest.fixture
def memory(tmp_path):
    opened = open_memory(Settings(store_folder=tmp_path))
    upgrade(opened)
    yield opened
    opened.database.close()


@pytest.fixture
def asking(memory):
    """A client at a door that looks keys up for every request."""
    keyring = Keyring(iter(range(1_000)).__next__)
    return TestClient(Door(inside, memory, keyring), follow_redirects=False)


def new_key(memory):
    with memory.database.writing() as tx:
        return keys.create(tx, "planner")


def test_without_keys_everybody_enters(asking):
    assert asking.get(addresses.SCENARIOS).text == "inside"


@pytest.mark.parametrize(
    "path", ["/scenarios", "/_nicegui_ws/socket.io/", "/_nicegui/client/1/upload/2", "/"]
)
def test_with_a_key_strangers_are_led_to_the_sign_in(asking, memory, path):
    new_key(memory)
    answer = asking.get(f"{addresses.ROOT}{path}")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, addresses.SIGN_IN)
    with pytest.raises(WebSocketDisconnect), asking.websocket_connect(f"{addresses.ROOT}{path}"):
        pass


def test_files_that_are_the_same_for_all_are_open(asking, memory):
    new_key(memory)
    assert asking.get(f"{addresses.ROOT}/_nicegui/3.18.0/static/nicegui.css").text == "inside"


def test_a_key_enters_until_it_is_revoked(asking, memory):
    key, text = new_key(memory)
    new_key(memory)
    asking.cookies.set(COOKIE, text)
    assert asking.get(addresses.SCENARIOS).text == "inside"
    with memory.database.writing() as tx:
        keys.revoke(tx, key.id)
    assert asking.get(addresses.SCENARIOS).status_code == 303


class Away:
    """A keyring whose store does not answer."""

    async def locks(self, memory):
        raise StoreUnavailable


def test_while_the_store_is_away_screens_say_so_and_nothing_is_done(memory):
    asking = TestClient(Door(inside, memory, Away()), follow_redirects=False)
    assert asking.get(addresses.SCENARIOS).text == "inside"
    assert asking.post(addresses.UPLOADS).status_code == 303
    with pytest.raises(WebSocketDisconnect), asking.websocket_connect(f"{addresses.ROOT}/_nicegui_ws/"):
        pass


def test_no_other_page_may_show_this_one_inside_itself(asking):
    answer = asking.get(addresses.SCENARIOS)
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
