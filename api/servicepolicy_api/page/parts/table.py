"""A table of text and numbers, written at once: a thousand rows are one element of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui


@dataclass(frozen=True)
class Column:
    """One column: its head, which carries the unit, and whether it holds numbers."""

    head: str
    is_number: bool = False


Cell = str | Markup
"""Text is escaped; Markup was made by us."""
SCROLL = Markup('<div class="sp-scroll" tabindex="0" role="region" aria-label="{}">{}</div>')
TABLE = Markup('<table class="{}"><caption{}>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>')


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    is_wide: bool = False,
    is_caption_shown: bool = True,
) -> ui.html:
    """Draw a table. The first cell of a row names the row."""
    return ui.html(scrolled(caption, columns, rows, is_wide, is_caption_shown), sanitize=False)


def scrolled(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    is_wide: bool = False,
    is_caption_shown: bool = True,
) -> Markup:
    """The HTML of a table that may be wider than its place."""
    return SCROLL.format(caption, written(caption, columns, rows, is_wide, is_caption_shown))


def written(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    is_wide: bool = False,
    is_caption_shown: bool = True,
) -> Markup:
    """The HTML of a table.

    >>> print(written("Costs", [Column("part"), Column("EUR", True)], [["<stock>", "1,200"]]))
    <table class="sp-table"><caption>Costs</caption><thead><tr><th scope="col">part</th><th scope="col"
    class="num">EUR</th></tr></thead><tbody><tr><th scope="row">&lt;stock&gt;</th><td
    class="num">1,200</td></tr></tbody></table>
    """
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_class_of(one), one.head) for one in columns
    )
    body = Markup("").join(_row(columns, row) for row in rows)
    hidden = "" if is_caption_shown else Markup(' class="sp-hidden"')
    return TABLE.format("sp-table sp-wide" if is_wide else "sp-table", hidden, caption, heads, body)


def link(words: str, address: str) -> Markup:
    """A cell that leads somewhere."""
    return Markup('<a href="{}">{}</a>').format(address, words)


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> Markup:
    first, *rest = row
    cells = Markup("").join(
        Markup("<td{}>{}</td>").format(_class_of(column), cell)
        for column, cell in zip(columns[1:], rest, strict=True)
    )
    return Markup('<tr><th scope="row"{}>{}</th>{}</tr>').format(_class_of(columns[0]), first, cells)


def _class_of(column: Column) -> Markup:
    return Markup(' class="num"') if column.is_number else Markup("")
