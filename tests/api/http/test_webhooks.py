"""The end of a run is told to a real receiver: signed, again after a failure, never into private networks."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest

from servicepolicy_api.memory import open_memory, upgrade
from servicepolicy_api.running.carrying import Carrier
from servicepolicy_api.running.process import forks
from servicepolicy_api.serving import until_told
from servicepolicy_api.settings import Settings
from servicepolicy_api.webhooks import addresses, delivering
from servicepolicy_store import runs, scenarios, webhooks
from tests.api.http import misbehaving
from tests.api.http.test_problems import problem
from tests.store.conftest import asked, scenario

PATIENCE_SECONDS = 60


@pytest.fixture
def receiver():
    """A receiver on this machine: its address, what it got, and what it will answer."""
    got, statuses = [], []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            self.send_response(statuses.pop(0) if statuses else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got, statuses
    server.shutdown()
    thread.join()
    server.server_close()


def until(condition):
    """What a condition gives, once it gives something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def cancelled_run(client, document):
    """The end that takes the least: of a run that is stopped at once."""
    run = client.post("/v1/runs", json={"scenario": document}, headers={"Prefer": "respond-async"}).json()
    client.post(f"/v1/runs/{run['id']}:cancel")
    return run


def signed_with(secret, headers, body):
    """The signature, computed as Standard Webhooks says it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_the_end_of_a_run_is_told_signed_and_again_until_it_is_heard(
    client_with, document, receiver, monkeypatch
):
    monkeypatch.setattr(delivering, "AGAIN_SECONDS", (0.1, 0.1, 0.1))
    address, got, statuses = receiver
    statuses.extend([500, 302])
    client = client_with(entry=misbehaving.sleeps, webhooks_to_loopback=True)
    hook = client.post("/v1/webhooks", json={"url": address, "events": ["cancelled"]}).json()
    client.post("/v1/webhooks", json={"url": address, "events": ["succeeded"]})
    run = cancelled_run(client, document)
    until(lambda: len(got) == 3)
    assert len({headers["webhook-id"] for headers, _ in got}) == 1
    for headers, body in got:
        assert headers["webhook-signature"] == signed_with(hook["secret"], headers, body)
    told = json.loads(got[0][1])
    assert (told["type"], told["data"]["id"]) == ("run.cancelled", run["id"])
    path = f"/v1/webhooks/{hook['id']}/deliveries"
    (done,) = until(
        lambda: [one for one in client.get(path).json()["deliveries"] if one["state"] == "delivered"]
    )
    assert (done["run"], done["attempt"], done["last_status"]) == (run["id"], 3, 204)
    listed = client.get("/v1/webhooks").json()["webhooks"]
    assert hook | {"secret": None} in listed and len(listed) == 2


def test_a_worker_tells_too(tmp_path, receiver):
    address, got, _ = receiver
    settings = Settings(store_folder=tmp_path, webhooks_to_loopback=True)
    memory = open_memory(settings)
    upgrade(memory)
    with memory.database.writing() as tx:
        webhooks.add(tx, address, b"k" * 32, ["cancelled"])
        scenarios.keep(tx, scenario())
        run = runs.create(tx, asked())
        runs.ask_to_cancel(tx, run.id)

    def stop():
        until(lambda: got)
        os.kill(os.getpid(), signal.SIGTERM)

    stopping = threading.Thread(target=stop)
    stopping.start()
    asyncio.run(until_told(memory, Carrier(memory, settings, forks()), settings))
    stopping.join()
    assert json.loads(got[0][1])["data"]["id"] == run.id
    memory.database.close()


def test_who_is_gone_is_told_nothing_more(client_with, document, receiver):
    address, got, statuses = receiver
    statuses.append(410)
    client = client_with(entry=misbehaving.sleeps, webhooks_to_loopback=True)
    client.post("/v1/webhooks", json={"url": address})
    cancelled_run(client, document)
    until(lambda: client.get("/v1/webhooks").json()["webhooks"] == [])
    assert len(got) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://10.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "ftp://example.com/",
        "https://169.254.169.254/latest", "https://[64:ff9b::a00:1]/", "https://[::ffff:10.0.0.1]/",
        "https://user:word@example.com/", "https://[fe80::1]/", "https:///x", "https://[::1", "https://h:99999/",
        "http://127.0.0.1/", "https://x..y/", f"https://{'a' * 64}.example/",
        "https://\N{GRINNING FACE}.example/",
    ],
)  # fmt: skip
def test_no_webhook_leads_inside(client, url):
    problem(client.post("/v1/webhooks", json={"url": url}), 422, "webhook.refused")


def test_a_name_that_leads_inside_is_found_out_when_it_is_looked_up(monkeypatch):
    def looked_up(*found):
        rows = [(2, 1, 6, "", (address, 443)) for address in found]
        monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *asked, **named: rows)

    looked_up("93.184.215.14")
    assert addresses.pinned("example.com", 443, False) == "93.184.215.14"
    for inside in ("10.1.2.3", "64:ff9b::7f00:1", "::1", "fd00::1", "100.64.0.1", "224.0.0.1", "0.0.0.0"):
        looked_up("93.184.215.14", inside)
        with pytest.raises(addresses.Refused):
            addresses.pinned("example.com", 443, False)
    assert not addresses.may_be_sent_to(ip_address("10.1.2.3"), True)
    for none in ("x..y", "a" * 64):
        with pytest.raises(addresses.Refused):
            addresses.pinned(none, 443, False)


def test_webhooks_end(client):
    made = client.post("/v1/webhooks", json={"url": "https://example.com/hook"})
    place = made.headers["Location"]
    assert made.status_code == 201
    assert client.delete(place).status_code == 204
    problem(client.delete(place), 404, "store.not_there")
    problem(client.get("/v1/webhooks/nothing/deliveries"), 404, "store.not_there")
