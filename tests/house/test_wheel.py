"""What is installed is the packages and the scenarios, and nothing else."""

import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def shipped(checkout, tmp_path_factory):
    """The names in the wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    told = subprocess.run(build, cwd=checkout, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


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
