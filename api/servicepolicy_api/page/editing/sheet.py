"""A sheet: typed in as in a spreadsheet, with marks for what changed and what is wrong."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nicegui import ui
from nicegui.events import GenericEventArguments

from servicepolicy_api.page.editing.cells import Cell

ROW_PX, HEAD_PX, MOST_ROWS_SHOWN = 30, 52, 18
SCROLLBAR_PX = 16
"""Where scrollbars are drawn over what scrolls, one covers half of the last row without room of its own."""
WIDE_PX, NARROW_PX, FRAME_PX = 150, 112, 4
TOOLTIP = "(p) => (p.data._wrong || {})[p.colDef.field] || (p.data._old || {})[p.colDef.field] || null"
CHANGED = "data._old && data._old[colDef.field] !== undefined"
FAINT = "data._faint && data._faint[colDef.field]"
WRONG = "data._wrong && data._wrong[colDef.field] !== undefined"


@dataclass(frozen=True)
class SheetColumn:
    """One column."""

    key: str
    head: str
    cell: Cell = Cell.TEXT
    is_fixed: bool = False
    """Names the row; nobody types here."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Value -> words, of what may be chosen."""


@dataclass(frozen=True)
class SheetRow:
    """One row: texts by column, what stood there before where it changed, what is wrong."""

    id: str
    texts: Mapping[str, str]
    old: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    faint: frozenset[str] = frozenset()
    """Columns whose text holds by default, and was not said for this row."""


Typed = Sequence[tuple[str, str, str]]
"""Row, column and text of every cell that was typed at once."""


class Sheet:
    """A grid of texts."""

    def __init__(
        self,
        caption: str,
        columns: Sequence[SheetColumn],
        rows: Sequence[SheetRow],
        on_typed: Callable[[Typed], Awaitable[None]],
    ) -> None:
        """Draw it."""
        self.columns, self._on_typed = {one.key: one for one in columns}, on_typed
        self.focused: str | None = None
        """The row in which the reader is."""
        self._count = len(rows)
        ui.html(Markup("{}").format(caption), tag="h3", sanitize=False)
        options = {
            "columnDefs": [_definition(one) for one in columns],
            "rowData": [_data(one) for one in rows],
            ":getRowId": "(params) => params.data.id",
            "defaultColDef": {"sortable": False, "suppressMovable": True, "resizable": True, "minWidth": 84},
            "rowHeight": ROW_PX,
            "headerHeight": HEAD_PX,
            "suppressNoRowsOverlay": True,
            "loading": False,
            "enterNavigatesVertically": True,
            "enterNavigatesVerticallyAfterEdit": True,
            "stopEditingWhenCellsLoseFocus": True,
            "tooltipShowDelay": 300,
            "ensureDomOrder": True,
            "suppressColumnVirtualisation": True,
        }
        # The box has the size: a change to the grid's own style would build the grid anew.
        self._box = ui.element("div").classes("sp-sheet")
        with self._box:
            self.grid = ui.aggrid(options, auto_size_columns=False)
        self.grid.props["data-sheet"], self.grid.props["aria-label"] = str(self.grid.id), caption
        width = sum(_width(one) for one in columns) + FRAME_PX
        self._box.style(f"max-width: {width}px")
        self._fit()
        self.grid.on("cellValueChanged", self._typed, ["rowId", "colId", "newValue"])
        self.grid.on("cellFocused", self._focus, ["rowIndex"])
        ui.on("sheet-paste", self._pasted)
        self._rows = [one.id for one in rows]

    def show(self, rows: Sequence[SheetRow]) -> None:
        """Show other rows, without losing the cell in which the reader is."""
        data = [_data(one) for one in rows]
        self._rows = [one.id for one in rows]
        # For a reader who comes back after a break of the line; the grid itself is told directly.
        self.grid.options["rowData"] = data
        self.grid.run_grid_method("setGridOption", "rowData", data)
        self.grid.run_grid_method("refreshCells", {"force": True})
        if len(rows) != self._count:
            self._count = len(rows)
            self._fit()

    def _fit(self) -> None:
        shown = min(max(self._count, 1), MOST_ROWS_SHOWN)
        self._box.style(f"height: {HEAD_PX + ROW_PX * shown + SCROLLBAR_PX + FRAME_PX}px")

    def _focus(self, event: GenericEventArguments) -> None:
        index = event.args.get("rowIndex")
        self.focused = self._rows[index] if isinstance(index, int) and index < len(self._rows) else None

    async def _typed(self, event: GenericEventArguments) -> None:
        told = event.args
        await self._take([(str(told["rowId"]), str(told["colId"]), str(told.get("newValue") or ""))])

    async def _pasted(self, event: GenericEventArguments) -> None:
        if event.args.get("sheet") == str(self.grid.id):
            await self._take([(str(row), str(key), str(text)) for row, key, text in event.args["cells"]])

    async def _take(self, typed: Typed) -> None:
        free = [one for one in typed if one[1] in self.columns and not self.columns[one[1]].is_fixed]
        if free:
            await self._on_typed(free)


def _definition(column: SheetColumn) -> dict[str, Any]:
    definition: dict[str, Any] = {
        "field": column.key,
        "headerName": column.head,
        "editable": not column.is_fixed,
        "cellDataType": False,
        "wrapHeaderText": True,
        "cellClassRules": {"sp-changed": CHANGED, "sp-bad": WRONG, "sp-faint": FAINT},
        ":tooltipValueGetter": TOOLTIP,
        "width": _width(column),
    }
    if column.cell.is_number:
        definition |= {"cellClass": "sp-num", "headerClass": "sp-num"}
    if column.is_fixed:
        definition |= {"pinned": "left", "cellClass": "sp-fixed"}
    if column.options:
        values = list(column.options)
        definition |= {
            "cellEditor": "agSelectCellEditor",
            "cellEditorParams": {"values": values},
            "refData": dict(column.options),
        }
    return definition


def _width(column: SheetColumn) -> int:
    return WIDE_PX if column.is_fixed or column.cell in (Cell.TEXT, Cell.NAMES) else NARROW_PX


def _data(row: SheetRow) -> dict[str, Any]:
    marks = {"_old": dict(row.old), "_wrong": dict(row.wrong), "_faint": dict.fromkeys(row.faint, True)}
    return {"id": row.id, **row.texts, **marks}
