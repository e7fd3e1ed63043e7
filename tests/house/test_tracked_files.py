"""What is tracked speaks of the project alone: no place it was made at, no place it was fetched from."""

import re

import pytest

# Split, so that this file does not name what it looks for.
SCHEME = "https?" + "://"
NOT_HERE = {
    "a package registry": SCHEME + r"[^\s/]*(pypi|pythonhosted|npmjs|conda|artifactory|nexus|crates)\b",
    "a place of one machine": r"(?<![\w.~-])/(?:ro" + r"ot|wo" + r"rk|tm" + r"p|home/\w+|Users/\w+)(?![.\w-])",
    "who wrote it, or with what": r"(?i)co-" + r"authored-by|language " + r"model|chat" + r"bot",
    "a key": r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----",
}  # fmt: skip
TEXT = set(" .cfg .csv .html .ini .json .lock .lp .md .py .sh .sql .svg .toml .txt .yaml .yml".split(" "))


@pytest.mark.parametrize("what", NOT_HERE)
def test_no_tracked_file_names(checkout, tracked, what):
    pattern = re.compile(NOT_HERE[what])
    found = []
    for path in tracked:
        if path.suffix in TEXT and path.name != "LICENSE":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if pattern.search(line):
                    found.append(f"{path.relative_to(checkout)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_no_generated_or_large_file_is_tracked(checkout, tracked):
    assert [str(path.relative_to(checkout)) for path in tracked if path.stat().st_size > 1_000_000] == []
    assert [str(path) for path in tracked if path.suffix in {".pyc", ".duckdb", ".whl", ".egg-info"}] == []
