"""What spills is gone at the end, whatever the end was; what has no room is refused or told plainly."""

import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from servicepolicy_models.errors import MachineFailed, OrderLinesRejected, TooLarge
from servicepolicy_optimizer.demand_reading import DemandFiles, read_tables
from servicepolicy_optimizer.intake import extent, read_order_lines, workspace
from servicepolicy_optimizer.intake.extent import DISK_BYTES_PER_LINE, LINES_IN_MEMORY, Extent, require_room
from servicepolicy_optimizer.intake.spill import PREFIX, spill_folder
from servicepolicy_optimizer.profile.array_room import BYTES_PER_LINE, require_memory
from tests.optimizer.profile.questions import order_lines

HOLDING = """
import sys, time
from pathlib import Path
from servicepolicy_optimizer.intake import workspace
with workspace(Path(sys.argv[1]), on_disk=True) as desk:
    desk.connection.execute("CREATE TABLE much AS SELECT range AS n FROM range(300000)")
    print("holds", flush=True)
    time.sleep(600)
"""


def free_disk(monkeypatch, size):
    """Let every disk have so many bytes left."""
    monkeypatch.setattr("os.statvfs", lambda folder: SimpleNamespace(f_bavail=size, f_frsize=1))


@pytest.mark.parametrize("on_disk", [False, True])
def test_nothing_is_left_at_the_end_or_after_an_error(tmp_path, on_disk):
    with workspace(tmp_path, on_disk=on_disk) as desk:
        desk.connection.execute("CREATE TABLE much AS SELECT range AS n FROM range(300000)")
        assert any(tmp_path.iterdir())
    with pytest.raises(RuntimeError), workspace(tmp_path, on_disk=on_disk):
        raise RuntimeError
    assert not any(tmp_path.iterdir())


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_holds_is_not(tmp_path):
    killed, living = (
        subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(2)
    )
    try:
        for one in (killed, living):
            assert one.stdout.readline() == b"holds\n"
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 2
        with spill_folder(tmp_path) as own:
            assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 2  # the living one's and our own
            assert own.exists()
        assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 1
    finally:
        for one in (killed, living):
            one.kill()
            one.wait()
            one.stdout.close()


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    free_disk(monkeypatch, 1_000_000)
    much = "CREATE TABLE much AS SELECT hash(range)::VARCHAR AS text FROM range(1000000) ORDER BY 1"
    with pytest.raises(TooLarge) as caught, workspace(tmp_path, "20MB", 1) as desk:
        desk.connection.execute(much)
    (finding,) = caught.value.findings
    assert finding.rule == "demand.no_room" and "20MB" in finding.what and finding.mend
    assert str(tmp_path) not in finding.what
    assert not any(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    path, absent = tmp_path / "lines.csv", tmp_path / "absent"
    path.write_text("order\n1\n")
    files = DemandFiles(tmp_path, orders=path, spill=absent)
    with pytest.raises(MachineFailed) as caught, read_tables(None, order_lines(), files):
        pass
    (finding,) = caught.value.findings
    assert (finding.rule, finding.where) == ("demand.no_folder", str(absent))
    with pytest.raises(MachineFailed), workspace(absent):
        pass


def test_more_lines_than_the_disk_holds_are_refused_with_the_estimate(tmp_path, monkeypatch):
    free_disk(monkeypatch, 1_000_000_000)
    require_room(Extent(LINES_IN_MEMORY, "lines.parquet"), tmp_path)
    with pytest.raises(TooLarge) as caught:
        require_room(Extent(100_000_000, "lines.parquet"), tmp_path)
    (finding,) = caught.value.findings
    assert "100,000,000 lines" in finding.what and f"{DISK_BYTES_PER_LINE / 10:.1f} GB" in finding.what
    assert "TMPDIR" in finding.mend


def test_arrays_that_memory_cannot_hold_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr("servicepolicy_optimizer.profile.array_room.available_bytes", lambda: 10_000_000)
    require_memory(1_000, 9)
    with pytest.raises(TooLarge) as caught:
        require_memory(1_000_000, 9)
    assert "1.9 GB" in caught.value.findings[0].what


def test_lines_that_memory_cannot_hold_are_refused_before_they_are_read(tmp_path, monkeypatch):
    """The file has none of the columns that are asked for: whoever reads it says something else."""
    path, scenario = tmp_path / "lines.parquet", None
    with workspace(tmp_path) as desk:
        desk.connection.execute(f"COPY (SELECT range AS n FROM range(1000)) TO '{path}' (FORMAT parquet)")
    source, files = order_lines(), DemandFiles(tmp_path, orders=path)

    def read(free_bytes, source=source, become_arrays=True):
        monkeypatch.setattr("servicepolicy_optimizer.profile.array_room.available_bytes", lambda: free_bytes)
        with read_tables(scenario, source, files, become_arrays=become_arrays):
            pass

    with pytest.raises(TooLarge) as caught:
        read(BYTES_PER_LINE * 1000 - 1)
    assert "1,000 order lines" in caught.value.findings[0].what
    for room, asked, become in (
        (BYTES_PER_LINE * 1000, source, True),
        (1, source, False),
        (1, source.model_copy(update={"history_from": "2021-01-01"}), True),
    ):
        with pytest.raises(OrderLinesRejected):
            read(room, asked, become)


def test_the_extent_of_a_file_is_known_before_it_is_read(tmp_path):
    path = tmp_path / "it's [1].parquet"
    with workspace(tmp_path) as desk:
        literal = str(path).replace("'", "''")
        desk.connection.execute(f"COPY (SELECT range AS n FROM range(1234)) TO '{literal}' (FORMAT parquet)")
    assert extent.extent(path).lines == 1234
    text = tmp_path / "lines.csv"
    text.write_text("order,item\n" + "o,x\n" * 100)
    assert extent.extent(text).lines >= 10
    assert extent.extent(tmp_path / "absent.parquet").lines == 0


def test_rows_are_numbered_as_in_the_file_however_many_threads_read_it(tmp_path):
    path, count = tmp_path / "lines.csv", 400_000
    with path.open("w") as file:
        file.write("order,item,quantity,date,price,customer,region\n")
        file.writelines(f"{n},x,1,2021-01-01,2.5,k,N\n" for n in range(2, count + 2))
    with workspace(tmp_path, threads=4) as desk:
        table = read_order_lines(order_lines(), path, desk)
        apart = f"SELECT count(*) FROM {table.table} WHERE row <> CAST(order_number AS BIGINT)"
        assert table.rows == count
        assert desk.connection.execute(apart).fetchall() == [(0,)]
