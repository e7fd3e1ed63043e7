"""Storm and load count right: what is lost is seen as lost, what ended twice as doubled."""

import asyncio
import gc
import time

import httpx2
import pytest

from benchmarks import faults, load, storm
from benchmarks.page import with_text
from benchmarks.processes import Installation, Program

LOGS = {
    "well": "2026-01-01T00:00:00 queued \n2026-01-01T00:00:01 succeeded outcome=optimal\n",
    "twice": "2026-01-01T00:00:01 succeeded \n2026-01-01T00:00:02 failed \n",
    "worn": "2026-01-01T00:00:01 failed code=run.poison\n",
    "sweep": "2026-01-01T00:00:01 succeeded outcome=done\n",
    "point": "2026-01-01T00:00:01 succeeded outcome=optimal\n",
}


def ledger(request):
    """A service that lost one run, ended another one twice, and made one that nobody knows.

    Of a sweep of two points it lost one.
    """
    path = request.url.path
    if path == "/v1/runs":
        whole = request.url.params.get("parent")
        names = ["point"] if whole else [*LOGS, "unknown"]
        found = [{"id": one, "parent": "sweep" if one == "point" else None} for one in names]
        return httpx2.Response(200, json={"runs": found, "next": None})
    run = path.split("/")[3]
    if run not in LOGS:
        return httpx2.Response(404)
    if path.endswith("/log"):
        return httpx2.Response(200, text=LOGS[run])
    problem = {"code": "run.poison"} if run == "worn" else None
    parts = 2 if run == "sweep" else None
    told = {"id": run, "state": "succeeded", "attempt": 2, "problem": problem, "parts": parts}
    return httpx2.Response(200, json=told)


def test_what_is_lost_or_doubled_is_counted(tmp_path):
    report = storm.Report(
        "sqlite",
        {key: key for key in (*LOGS, "gone") if key != "point"},
        recovery_seconds={"server": [1.0, 4.0]},
    )
    with httpx2.Client(base_url="http://here", transport=httpx2.MockTransport(ledger)) as client:
        storm.judge(Installation("http://here", Program([], {}, tmp_path / "log"), [], None, client), report)
    assert report.lost == ["sweep, a point", "gone"]
    assert report.doubled == ["twice", "unknown"]
    assert (report.poison, report.attempts, report.points) == (1, 10, 1)
    assert (
        storm.table([report]).splitlines()[-1]
        == "| sqlite | 2 | 5 | 1 | 2 | 2 | 10 | 1 | 0 | server 2.5 (4.0) |"
    )


def test_a_small_disk_is_full_or_read_only_for_a_while(tmp_path):
    try:
        with faults.small_disk(tmp_path / "disk") as disk:
            for fault in (faults.full, faults.read_only):
                with fault(disk), pytest.raises(OSError):
                    (disk / "one").write_bytes(bytes(10_000))
                (disk / "one").write_bytes(bytes(10_000))
    except faults.NoRightToMount as missing:
        pytest.skip(str(missing.__doc__))


def test_a_latency_counts_from_when_the_request_should_have_left():
    async def story():
        async def slow(number):
            await asyncio.sleep(0.05)
            if number == 2:
                raise httpx2.ReadTimeout("none")
            return httpx2.Response(200)

        return await load.at_a_rate(slow, 1_000, 0.005, warm_up_seconds)

    warm_up_seconds = 0.0
    sent = asyncio.run(story())
    assert len(sent.latencies) == 5 and min(sent.latencies) >= 0.05
    assert [one is None for one in sent.answers] == [False, False, True, False, False]
    warm_up_seconds = 0.003
    sent = asyncio.run(story())
    assert (len(sent.latencies), len(sent.late), len(sent.answers)) == (5, 5, 8)


def test_a_client_that_is_kept_from_sending_is_called_late_itself():
    async def story():
        async def blocking(number):
            assert not gc.isenabled()
            time.sleep(0.1 if number == 1 else 0.0)

        return await load.at_a_rate(blocking, 100, 0.05, 0.0)

    sent = asyncio.run(story())
    assert gc.isenabled()
    # The third should have left 10 ms after the second, which kept everything for 100.
    assert sent.late[2] >= 0.08 and sent.latencies[2] >= sent.late[2]


def test_a_verb_writes_between_its_own_marks():
    page = "a\n<!-- Written by `make x`. -->\nold\n<!-- The end of what `make x` writes. -->\nb"
    now = with_text(page, "x", "new")
    assert "old" not in now and "new" in now
    assert now.startswith("a\n<!--") and now.endswith("-->\nb")
    assert with_text(now, "x", "new") == now
    with pytest.raises(ValueError):
        with_text(page, "y", "new")
