"""What is installed is the packages and the scenarios, and nothing else."""

import subprocess
import sys
import zipfile
from email import message_from_bytes

import pytest


def built(source, folder):
    """A wheel, built without a network."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    told = subprocess.run(build, cwd=source, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel)


@pytest.fixture(scope="module")
def shipped(checkout, tmp_path_factory):
    """The names in the wheel."""
    return set(built(checkout, tmp_path_factory.mktemp("wheel")).namelist())


def test_the_wheel_has_every_module_and_says_that_it_is_typed(rooms, tracked, shipped):
    package_files = {
        path.relative_to(package.parent).as_posix()
        for package in rooms.values()
        for path in tracked
        if path.is_relative_to(package)
    }
    assert package_files <= shipped
    assert {f"{package.name}/py.typed" for package in rooms.values()} <= package_files


def test_the_wheel_has_every_scenario(checkout, shipped):
    scenarios = [path.parent.name for path in (checkout / "scenarios").glob("*/scenario.json")]
    assert scenarios
    assert {f"servicepolicy_api/scenarios/{name}/scenario.json" for name in scenarios} <= shipped


def test_the_wheel_has_nothing_else_at_its_top(rooms, shipped):
    top = {name.split("/")[0] for name in shipped if ".dist-info/" not in name}
    assert top == {package.name for package in rooms.values()}


def test_the_client_alone_is_a_wheel_that_needs_one_library(checkout, pyproject, tracked, tmp_path):
    wheel = built(checkout / "client", tmp_path)
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = checkout / "client"
    assert names == {path.relative_to(package).as_posix() for path in tracked if path.is_relative_to(
        package / "servicepolicy_client"
    )}  # fmt: skip
    (about,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    told = message_from_bytes(wheel.read(about))
    assert (told["Name"], told["Version"]) == ("servicepolicy-client", pyproject["project"]["version"])
    needed = [one for one in told.get_all("Requires-Dist") if "extra ==" not in one]
    assert needed == [one for one in pyproject["project"]["dependencies"] if one.startswith("httpx2")]
