"""A room is known to every tool, and holds one package."""

import pytest


def test_a_source_root_holds_exactly_one_package(checkout, rooms):
    for root, package in rooms.items():
        found = {path.parent.name for path in (checkout / root).glob("*/__init__.py")}
        assert found == {package.name}


def test_a_room_is_typed(rooms):
    assert [room for room, package in rooms.items() if not (package / "py.typed").exists()] == []


def test_every_tool_knows_every_room(pyproject, rooms):
    tools = pyproject["tool"]
    packages = {package.name for package in rooms.values()}
    assert set(tools["importlinter"]["root_packages"]) == packages
    assert set(tools["coverage"]["run"]["source_pkgs"]) == packages
    assert packages <= set(tools["ruff"]["lint"]["isort"]["known-first-party"])
    assert {path.removeprefix("$MYPY_CONFIG_FILE_DIR/") for path in tools["mypy"]["mypy_path"]} == set(rooms)
    assert set(rooms) <= set(tools["mypy"]["files"])
    assert set(rooms) <= set(tools["pytest"]["ini_options"]["testpaths"])
    assert set(rooms) <= set(tools["ruff"]["src"])
    assert {f"/{root}" for root in rooms} <= set(tools["hatch"]["build"]["targets"]["sdist"]["include"])


@pytest.mark.parametrize(
    ("file", "line"), [("Dockerfile", "COPY {root} {root}"), (".dockerignore", "!{root}")]
)
def test_the_image_gets_every_room(checkout, rooms, file, line):
    lines = (checkout / file).read_text(encoding="utf-8").splitlines()
    assert [root for root in [*rooms, "scenarios"] if line.format(root=root) not in lines] == []


def test_tests_mirror_the_rooms(checkout, rooms):
    mirrored = {path.name for path in (checkout / "tests").iterdir() if path.is_dir()}
    questions = {"golden", "oracles", "house", "scenarios", "docs", "benchmarks", "page"}
    assert mirrored - {"__pycache__"} <= set(rooms) | questions
