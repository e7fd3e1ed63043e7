"""The Python client against a running service, and the page that shows it."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

from servicepolicy_client import Client, Conflict, NotFound, Rejected, Stale, Unavailable

PROGRAM = Path(sys.executable).with_name("servicepolicy")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where a service of its own listens."""
    folder = tmp_path_factory.mktemp("store")
    environment = {**os.environ, "SERVICEPOLICY_STORE_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"}
    words = [PROGRAM, "serve", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder) as process:
        found = None
        for line in process.stderr:
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                break
        assert found, "the service did not start"
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield found[1]
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="module")
def page(checkout, address):
    """What the page about the client leaves behind, its blocks run one after the other."""
    text = (checkout / "docs" / "client.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) > 4
    code = "\n".join(blocks).replace("http://127.0.0.1:8000", address)
    left = {}
    exec(compile(code, "docs/client.md", "exec"), left)
    yield left
    left["client"].close()


def test_the_page_runs_as_it_stands(page):
    assert (page["run"].outcome, page["run"].is_final) == ("optimal", True)
    assert (page["base"].version, page["dearer"].version, page["dearer"].etag) == (1, 2, '"2"')
    assert len(page["segments"]) == 9
    assert page["sweep"].outcome == "done"
    assert [one["number"] for one in page["client"].sweep_rows(page["sweep"].id)] == [0, 1]
    assert page["played"].outcome == "done"
    assert (page["line"].run, page["line"].version) == (page["run"].id, 1)
    assert page["odoo"].startswith("id,product_id,location_id,product_min_qty")


def test_rows_and_frames_say_the_same(page):
    client, run = page["client"], page["run"]
    assert client.items(run.id)[0]["item"] == page["items"]["item"][0]
    assert client.policy(run.id, items=True)["items"][0]["item"] == page["items"]["item"][0]
    assert run.id in {one.id for one in client.runs(kind="solve", state="succeeded")}


def test_what_is_refused_is_raised_by_its_kind(page):
    client, question = page["client"], page["question"]
    with pytest.raises(NotFound) as missing:
        client.run("nobody")
    assert (missing.value.status, missing.value.code) == (404, "store.not_there")
    with pytest.raises(Conflict):
        client.submit(question, kind="profile", idempotency_key="parts, first run")
    with pytest.raises(Stale):
        client.publish("parts", page["run"].id)
    with pytest.raises(Rejected) as wrong:
        client.solve(question | {"carrying_rate_per_year": -1})
    assert [one.where for one in wrong.value.findings] == ["/carrying_rate_per_year"]
    with pytest.raises(NotFound):
        client.lookup("parts", "nothing", customer_class="A")


def test_a_connection_that_breaks_is_tried_again_as_everything_that_is_sent_happens_once():
    asked = []

    def breaks(request):
        asked.append(request.method)
        raise httpx2.ConnectError("gone", request=request)

    client = Client(transport=httpx2.MockTransport(breaks))
    with pytest.raises(httpx2.ConnectError):
        client.submit({})
    with pytest.raises(httpx2.ConnectError):
        client.validate({})
    assert asked == ["POST"] * 6


def test_an_answer_that_is_no_problem_details_is_told_all_the_same():
    client = Client(transport=httpx2.MockTransport(lambda request: httpx2.Response(502, text="bad gateway")))
    with pytest.raises(Unavailable, match="502"):
        client.run("one")
