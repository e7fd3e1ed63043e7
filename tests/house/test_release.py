"""One version, one licence, and a change log that knows both."""

import re
from importlib import metadata


def test_the_version_is_written_in_one_place(checkout, tracked, pyproject):
    version = pyproject["project"]["version"]
    literal = re.compile(rf"""(["']){re.escape(version)}\1|__version__\s*=\s*["']""")
    code = [path for path in tracked if {path.suffix, path.name} & {".py", ".toml", "Dockerfile", "Makefile"}]
    places = [path.name for path in code for _ in literal.findall(path.read_text(encoding="utf-8"))]
    assert places == ["pyproject.toml"]


def test_the_installed_version_is_the_written_one(pyproject):
    assert metadata.version("servicepolicy") == pyproject["project"]["version"], "run `make setup`"


def test_the_change_log_knows_the_version(checkout, pyproject):
    log = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.escape(pyproject["project"]["version"])
    released = re.search(rf"^## \[{version}\] - \d{{4}}-\d\d-\d\d$", log, flags=re.MULTILINE)
    coming = re.search(rf"^## \[Unreleased\]\n\nTo be released as {version}\b", log, flags=re.MULTILINE)
    assert released or coming


def test_the_licence_is_the_one_that_is_declared(checkout, pyproject):
    project = pyproject["project"]
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
    licence = (checkout / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence and "END OF TERMS AND CONDITIONS" in licence
