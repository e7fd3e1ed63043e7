"""Decisions are numbered, have one form, and the index knows them all."""

import re

import pytest


@pytest.fixture(scope="module")
def decisions(checkout):
    return sorted((checkout / "docs" / "decisions").glob("[0-9]*.md"))


def test_numbers_have_no_gap(decisions):
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))


def test_each_has_the_form(decisions):
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]}. "), path.name
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ], path.name


def test_the_index_names_each_by_its_title(checkout, decisions):
    index = (checkout / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[(\d{4})\]\((?:.+\.md)\) \| (.+) \|$", index, flags=re.MULTILINE))
    titles = [path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for path in decisions]
    assert rows == dict(title.split(". ", 1) for title in titles)


def test_links_between_pages_lead_somewhere(checkout, tracked):
    pages = [path for path in tracked if path.suffix == ".md"]
    broken = [
        f"{page.relative_to(checkout)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
