"""The page that shows what was measured; every verb writes between its own two marks."""

from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def write(verb: str, text: str) -> None:
    """Put a text between the marks of a verb."""
    PAGE.write_text(with_text(PAGE.read_text(encoding="utf-8"), verb, text), encoding="utf-8")


def with_text(page: str, verb: str, text: str) -> str:
    """The page with a text between the marks of a verb, in place of what was there.

    >>> page = "<!-- Written by `make x`. --> old <!-- The end of what `make x` writes. --> rest"
    >>> print(with_text(page, "x", "new"))
    <!-- Written by `make x`. -->
    <BLANKLINE>
    new
    <BLANKLINE>
    <!-- The end of what `make x` writes. --> rest
    """
    begin, end = f"<!-- Written by `make {verb}`. -->", f"<!-- The end of what `make {verb}` writes. -->"
    head, rest = page.split(begin, 1)
    return f"{head}{begin}\n\n{text.strip()}\n\n{end}{rest.split(end, 1)[1]}"
