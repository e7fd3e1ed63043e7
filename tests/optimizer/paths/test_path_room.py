"""More service paths than memory holds are refused before anything is solved."""

import pytest

from servicepolicy_models.errors import TooLarge
from servicepolicy_optimizer import memory_available
from servicepolicy_optimizer.paths import path_room, service_paths
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.paths.worlds import facts, scenario


def test_paths_that_do_not_fit_are_refused_with_an_estimate_for_all_of_them(monkeypatch):
    asked = scenario()
    world = facts()
    targets = resolve_targets(asked, world)
    paths = sum(len(one) for one in service_paths(asked, world, targets).paths.values())
    monkeypatch.setattr(path_room, "available_bytes", lambda: paths * path_room.BYTES_PER_PATH)
    service_paths(asked, world, targets)
    monkeypatch.setattr(path_room, "available_bytes", lambda: path_room.BYTES_PER_PATH)
    with pytest.raises(TooLarge) as caught:
        service_paths(asked, world, targets)
    (finding,) = caught.value.findings
    assert finding.rule == "paths.no_memory" and f"About {paths} service paths" in finding.what
    assert "larger machine" in finding.mend


@pytest.mark.parametrize(
    ("limit", "used", "cached", "left"),
    [
        ("5000000", "2000000", "", 3_000_000),
        ("5000000", "4900000", "anon 9\nfile 4800000\nactive_file 500000\ninactive_file 4300000", 4_900_000),
        ("5000000", "4900000", "inactive_anon 4000000\nfile 4000000\nshmem 4000000", 100_000),
        ("5000000", "5100000", "inactive_file 50000", 0),
        ("max", "7", "", None),
    ],
)
def test_the_limit_of_a_control_group_around_the_process_counts(
    tmp_path, monkeypatch, limit, used, cached, left
):
    """Files that it has read are not in the way: their pages are given up when memory is asked for."""
    (tmp_path / "meminfo").write_text("MemTotal: 9000 kB\nMemAvailable:    8000 kB\n")
    (tmp_path / "own").write_text("1:cpu:/\n0::/outer/inner\n")
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    (tmp_path / "outer" / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "outer" / "memory.current").write_text(f"{used}\n")
    (tmp_path / "outer" / "memory.stat").write_text(cached)
    monkeypatch.setattr(memory_available, "MACHINE", tmp_path / "meminfo")
    monkeypatch.setattr(memory_available, "OWN_GROUP", tmp_path / "own")
    monkeypatch.setattr(memory_available, "GROUPS", tmp_path)
    assert memory_available.available_bytes() == (8_192_000 if left is None else left)


def test_nothing_is_known_where_nothing_tells(tmp_path, monkeypatch):
    for name in ("MACHINE", "OWN_GROUP", "GROUPS"):
        monkeypatch.setattr(memory_available, name, tmp_path / "absent")
    assert memory_available.available_bytes() is None
