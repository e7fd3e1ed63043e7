"""The targets as matrices that are typed in: customer classes down, item classes across."""

from collections.abc import Iterable

from nicegui import ui

from servicepolicy_api.page.editing.cells import Cell, text_of, value_of
from servicepolicy_api.page.editing.columns import PERCENT
from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.noun_sheet import was
from servicepolicy_api.page.editing.sheet import Sheet, SheetColumn, SheetRow, Typed
from servicepolicy_api.page.editing.target_matrix import ANY, PLACE, Place, Targets, promised, with_promise
from servicepolicy_models.pointer import steps_of

NAME = "_name"
ON_TIME = "on_time_probability"
"""Has a default for the whole scenario."""


class TargetSheet:
    """One field of the targets for every segment, in one region or in all."""

    def __init__(self, desk: Desk, field: str, region: str) -> None:
        """Draw it."""
        self._desk, self._field, self._region = desk, field, region
        words = desk.here.words
        self._cell = Cell.PERCENT if field in PERCENT else Cell.NUMBER
        self._customers, self._items = (
            [str(one) for one in desk.value(("segmentation", side, "classes")) or []]
            for side in ("customers", "items")
        )
        head = getattr(words.fields, field)
        self._columns = {
            one: SheetColumn(f"item__{number}", f"{words.parts.items} {one}", self._cell)
            for number, one in enumerate(self._items)
        }
        fixed = SheetColumn(NAME, words.parts.customers, is_fixed=True)
        self._sheet = Sheet(
            words.edit.targets_of.format(field=head),
            [fixed, *self._columns.values()],
            list(self._rows()),
            self._typed,
        )
        desk.listen(lambda: self._sheet.show(list(self._rows())))

    def _rows(self) -> Iterable[SheetRow]:
        words, wrong_at = self._desk.here.words, self._wrong()
        now, before = _targets(self._desk.document), _targets(self._desk.writing.before)
        for number, customer in enumerate(self._customers):
            texts = {NAME: f"{words.parts.customers} {customer}"}
            old, wrong, faint = {}, {}, set()
            for item, column in self._columns.items():
                place = (customer, item, self._region)
                texts[column.key] = text_of(self._cell, promised(now, place, self._field))
                is_default = not texts[column.key] and self._field == ON_TIME
                was_text = text_of(self._cell, promised(before, place, self._field))
                if was_text != texts[column.key]:
                    old[column.key] = was(self._desk, column, was_text)
                if place in wrong_at:
                    wrong[column.key] = wrong_at[place]
                if is_default:
                    texts[column.key] = text_of(self._cell, self._desk.value((ON_TIME,)))
                    faint.add(column.key)
            yield SheetRow(str(number), texts, old, wrong, frozenset(faint))

    def _wrong(self) -> dict[Place, str]:
        """What the check says of targets that speak of one segment alone."""
        found: dict[Place, str] = {}
        targets = _targets(self._desk.document)
        for one in self._desk.review.findings:
            steps = steps_of(one.where) if one.where.startswith("/") else ()
            if len(steps) >= 2 and steps[0] == "targets" and steps[1].isdecimal():
                if len(steps) > 2 and steps[2] != self._field:
                    continue
                target = targets[int(steps[1])] if int(steps[1]) < len(targets) else {}
                customer, item, region = (str(target.get(side) or ANY) for side in PLACE)
                told = self._desk.here.reader.told(one)
                found[customer, item, region] = f"{told.what} {told.mend}"
        return found

    async def _typed(self, typed: Typed) -> None:
        targets: Targets = _targets(self._desk.document)
        item_of = {column.key: item for item, column in self._columns.items()}
        for row, key, text in typed:
            place = (self._customers[int(row)], item_of[key], self._region)
            targets = with_promise(targets, place, self._field, value_of(self._cell, text))
        await self._desk.put((("targets",), list(targets)))


def draw_targets(desk: Desk, region: str) -> None:
    """The matrices: fill rate and response time at once, the rarer ones when asked for."""
    with ui.element("div").classes("sp-matrices"):
        for field in ("fill_rate", "response_hours", "on_time_probability", "otif"):
            with ui.element("div").classes("sp-beside"):
                TargetSheet(desk, field, region)


def _targets(document: object) -> Targets:
    found = document.get("targets") if isinstance(document, dict) else None
    return found if isinstance(found, list) else []
