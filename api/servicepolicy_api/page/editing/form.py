"""Single fields of a scenario as a form: what is wrong and what stood there, below each."""

from collections.abc import Sequence

from nicegui import ui
from pydantic import BaseModel

from servicepolicy_api.page.editing.cells import Cell, text_of, value_of
from servicepolicy_api.page.editing.columns import FieldColumn, columns_of
from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.noun_sheet import plain, was
from servicepolicy_api.page.editing.places import Steps
from servicepolicy_api.page.editing.sheet import SheetColumn
from servicepolicy_api.page.parts.fields import ChoiceField, TextField


def form(desk: Desk, at: Steps, noun: type[BaseModel], names: Sequence[str] = ()) -> None:
    """The plain fields of the noun at a place. names: only these, in this order."""
    columns = {one.name: one for one in columns_of(noun)}
    with ui.element("div").classes("sp-grid"):
        for name in names or columns:
            _field(desk, at, columns[name])


def _field(desk: Desk, at: Steps, field: FieldColumn) -> None:
    placed = plain(desk, field)
    steps, column = placed.steps(at), placed.column

    async def typed(text: str) -> None:
        await desk.put((steps, value_of(column.cell, text)))

    text = text_of(column.cell, desk.value(steps))
    drawn: TextField | ChoiceField
    if column.options:
        drawn = ChoiceField(column.head, column.options, text, typed)
    else:
        drawn = TextField(column.head, text, typed)

    def show() -> None:
        drawn.put(text_of(column.cell, desk.value(steps)))
        drawn.say(desk.finding(steps))
        drawn.mark(_change(desk, column, steps))

    show()
    desk.listen(show)


def _change(desk: Desk, column: SheetColumn, steps: Steps) -> str:
    """What stood in a field that is changed; empty where nothing is."""
    before, now = (text_of(column.cell, one(steps)) for one in (desk.before, desk.value))
    if column.cell is Cell.YES_NO and not before:
        before = now
    return "" if before == now else was(desk, column, before)
