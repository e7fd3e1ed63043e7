"""The customer-item matrix: a number in every cell, and a colour that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_api.show.amounts import NONE

STEPS = 7
MATRIX = Markup(
    '<table class="sp-matrix"><caption>{caption}</caption><thead><tr><td aria-hidden="true" '
    'style="background:none"></td>{heads}</tr></thead><tbody>{rows}</tbody></table>'
)


@dataclass(frozen=True)
class MatrixCell:
    """One cell: what it says, and how deep its colour is."""

    text: str
    depth: float | None = None
    """0 to 1; from -1 for differences. None: without colour."""
    below: str = ""
    """A second, smaller line."""
    address: str | None = None
    hint: str = ""
    """Shown while pointing at the cell; must stand in a table as well."""


def matrix(
    here: Here,
    caption: str,
    customer_classes: Sequence[str],
    item_classes: Sequence[str],
    cells: Mapping[tuple[str, str], MatrixCell],
    is_difference: bool = False,
) -> ui.html:
    """Draw the matrix: customer classes downwards, item classes across. cells: by both, in this order."""
    words = here.words.parts
    heads = Markup("").join(
        Markup('<th scope="col">{} {}</th>').format(words.items, one) for one in item_classes
    )
    rows = Markup("").join(
        Markup('<tr><th scope="row">{} {}</th>{}</tr>').format(
            words.customers, customer, _cells(customer, item_classes, cells, is_difference)
        )
        for customer in customer_classes
    )
    return ui.html(MATRIX.format(caption=caption, heads=heads, rows=rows), sanitize=False)


def deep(value: float, values: Sequence[float]) -> float:
    """How deep the colour of a value is among others: 0 for the least, 1 for the most.

    >>> deep(5.0, [0.0, 5.0, 10.0]), deep(3.0, [3.0, 3.0])
    (0.5, 0.5)
    """
    least, most = min(values), max(values)
    return 0.5 if most == least else (value - least) / (most - least)


def _cells(
    customer: str,
    item_classes: Sequence[str],
    cells: Mapping[tuple[str, str], MatrixCell],
    is_difference: bool,
) -> Markup:
    found = (cells.get((customer, item), MatrixCell(NONE)) for item in item_classes)
    return Markup("").join(_cell(one, is_difference) for one in found)


def _cell(cell: MatrixCell, is_difference: bool) -> Markup:
    below = Markup("<small>{}</small>").format(cell.below) if cell.below else ""
    text = Markup("{}{}").format(cell.text, below)
    if cell.address is not None:
        text = Markup('<a href="{}">{}</a>').format(cell.address, text)
    hint = Markup(' title="{}"').format(cell.hint) if cell.hint else ""
    return Markup("<td{}{}>{}</td>").format(_colour(cell.depth, is_difference), hint, text)


def _colour(depth: float | None, is_difference: bool) -> Markup:
    """The class of a cell's colour.

    >>> print(_colour(0.0, False), _colour(1.0, False), _colour(-1.0, True), _colour(None, False))
     class="sp-q0"  class="sp-q6"  class="sp-d-3"
    """
    if depth is None:
        return Markup("")
    if is_difference:
        return Markup(' class="sp-d{}"').format(round(max(-1.0, min(1.0, depth)) * 3))
    return Markup(' class="sp-q{}"').format(min(int(max(depth, 0.0) * STEPS), STEPS - 1))
