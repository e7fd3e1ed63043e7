"""A list of nouns of a scenario as a sheet: one row each, typed cells go into the draft."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from servicepolicy_api.page.editing.cells import Cell, text_of, value_of
from servicepolicy_api.page.editing.columns import FieldColumn
from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.places import Steps
from servicepolicy_api.page.editing.sheet import Sheet, SheetColumn, SheetRow, Typed


@dataclass(frozen=True)
class Placed:
    """One column and where its field stands, beginning from the steps of a row."""

    column: SheetColumn
    steps: Callable[[Steps], Steps]


class NounSheet:
    """A sheet whose rows are places in the document."""

    def __init__(
        self,
        desk: Desk,
        caption: str,
        columns: Sequence[Placed],
        rows: Callable[[], Iterable[Steps]],
        named: Sequence[Placed] = (),
    ) -> None:
        """Draw it. rows: the place of each row, now. named: columns that only say which row it is."""
        self._desk, self._rows = desk, rows
        self._placed = {one.column.key: one for one in (*named, *columns)}
        heads = [one.column for one in self._placed.values()]
        self.sheet = Sheet(caption, heads, list(self._drawn()), self._typed)
        desk.listen(self._show)

    @property
    def focused(self) -> Steps | None:
        """The place of the row in which the reader is."""
        chosen = self.sheet.focused
        return next((steps for steps in self._rows() if "/".join(map(str, steps)) == chosen), None)

    def _show(self) -> None:
        self.sheet.show(list(self._drawn()))

    def _drawn(self) -> Iterable[SheetRow]:
        for steps in self._rows():
            texts, old, wrong = {}, {}, {}
            for key, placed in self._placed.items():
                at, cell = placed.steps(steps), placed.column.cell
                texts[key] = text_of(cell, self._desk.value(at))
                before = text_of(cell, self._desk.before(at))
                if before != texts[key]:
                    old[key] = was(self._desk, placed.column, before)
                if (finding := self._desk.finding(at)) is not None:
                    wrong[key] = f"{finding.what} {finding.mend}"
            yield SheetRow("/".join(map(str, steps)), texts, old, wrong)

    async def _typed(self, typed: Typed) -> None:
        places = {"/".join(map(str, steps)): steps for steps in self._rows()}
        changes = []
        for row, key, text in typed:
            placed = self._placed[key]
            if row in places:
                changes.append((placed.steps(places[row]), value_of(placed.column.cell, text)))
        await self._desk.put(*changes)


def was(desk: Desk, column: SheetColumn, before: str) -> str:
    """What is said of a cell that changed."""
    words = desk.here.words.edit
    shown = column.options.get(before, before)
    return words.was.format(value=shown) if before else words.was_nothing


def plain(desk: Desk, field: FieldColumn) -> Placed:
    """A plain field of the row's own noun."""
    words = desk.here.words.fields
    head = getattr(words, field.name).replace("{currency}", str(desk.value(("currency",))))
    options = {one: getattr(words, one, one) for one in field.options}
    if options and field.cell is not Cell.YES_NO:
        options = {"": "", **options}
    column = SheetColumn(field.key, head, field.cell, options=options)
    return Placed(column, lambda steps: (*steps, *field.steps))


def rows_of(desk: Desk, steps: Steps) -> list[Steps]:
    """The place of every entry of a list."""
    return [(*steps, number) for number in range(len(desk.value(steps) or []))]
