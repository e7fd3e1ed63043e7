"""What is tracked speaks of the project alone: no place it was made at, no place it was fetched from."""

import re

import pytest

# Split, so that this file does not name what it looks for.
NOT_HERE = {
    "a package registry": r"https?" + r"://[^\s/]*(pypi|pythonhosted|npmjs|conda|artifactory|nexus|crates)\b",
    "a place of one machine": r"(?<![\w.~-])/(?:ro" r"ot|wo" r"rk|tm" r"p|home/\w+|Users/\w+)(?![.\w-])",
    "who wrote it, or with what": r"(?i)co-" r"authored-by|language " r"model|chat" r"bot",
    "a key": r"-----BEGIN [A-Z ]*PRIVATE" r" KEY-----",
}
LARGEST_BYTES = 1_000_000


def lines(path):
    """The numbered lines of a text file; none of a binary one or of the licence, which is not our text."""
    content = path.read_bytes()
    if b"\0" in content or path.name == "LICENSE":
        return []
    return list(enumerate(content.decode("utf-8").splitlines(), start=1))


@pytest.mark.parametrize("what", NOT_HERE)
def test_no_tracked_file_names(checkout, tracked, what):
    pattern = re.compile(NOT_HERE[what])
    assert [
        f"{path.relative_to(checkout)}:{number}: {line.strip()[:100]}"
        for path in tracked
        for number, line in lines(path)
        if pattern.search(line)
    ] == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("see /ro" + "ot/.cache for more", "a place of one machine"),
        ('path = "/tm' + 'p/x.csv"', "a place of one machine"),
        ("index = https" + "://files.pythonhosted.org/x", "a package registry"),
        ("Co-" + "Authored-By: someone", "who wrote it, or with what"),
    ],
)
def test_the_check_sees_what_it_should(line, what):
    assert re.search(NOT_HERE[what], line)


def test_no_generated_or_large_file_is_tracked(checkout, tracked):
    assert [str(path.relative_to(checkout)) for path in tracked if path.stat().st_size > LARGEST_BYTES] == []
    assert [str(path) for path in tracked if path.suffix in {".pyc", ".duckdb", ".whl", ".so"}] == []
