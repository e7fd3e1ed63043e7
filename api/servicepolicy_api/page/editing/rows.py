"""Rows of a sheet are added, copied and removed: buttons below it, about the row in which the reader is."""

import copy
from collections.abc import Mapping
from typing import Any

from nicegui import ui
from pydantic import BaseModel

from servicepolicy_api.page.editing.columns import blank, columns_of
from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.noun_sheet import NounSheet, plain, rows_of
from servicepolicy_api.page.editing.places import Steps
from servicepolicy_api.page.parts.fields import button


class RowButtons:
    """The buttons of one sheet."""

    def __init__(self, desk: Desk, caption: str, drawn: NounSheet) -> None:
        """Draw those that copy and remove."""
        self._desk, self._caption, self._drawn = desk, caption, drawn
        words = desk.here.words.edit
        self._box = ui.element("div").classes("sp-buttons")
        with self._box:
            button(f"{words.copy_row}: {caption}", self._copy)
            button(f"{words.remove}: {caption}", self._remove)

    def adding(self, at: Steps, noun: type[BaseModel]) -> None:
        """Draw the one that adds a new entry to a list as well."""

        async def add() -> None:
            entries = self._entries(at)
            name = self._desk.here.words.edit.added_name.format(n=len(entries) + 1)
            await self._desk.put((at, [*entries, dict(blank(noun, name))]))

        with self._box:
            button(f"{self._desk.here.words.edit.add}: {self._caption}", add)

    async def _copy(self) -> None:
        if (chosen := self._chosen()) is not None:
            at, position = chosen
            entries = self._entries(at)
            twin = copy.deepcopy(entries[position])
            if "name" in twin:
                twin["name"] = self._free_name(str(twin["name"]), entries)
            await self._desk.put((at, [*entries[: position + 1], twin, *entries[position + 1 :]]))

    async def _remove(self) -> None:
        if (chosen := self._chosen()) is not None:
            at, position = chosen
            entries = self._entries(at)
            await self._desk.put((at, entries[:position] + entries[position + 1 :]))

    def _chosen(self) -> tuple[Steps, int] | None:
        """The list and the position of the row in which the reader is; None, and a word about it: in none."""
        steps = self._drawn.focused
        if steps is None:
            ui.notify(self._desk.here.words.edit.choose_row)
            return None
        return steps[:-1], int(steps[-1])

    def _entries(self, at: Steps) -> list[dict[str, Any]]:
        return [dict(one) for one in self._desk.value(at) or []]

    def _free_name(self, name: str, entries: list[dict[str, Any]]) -> str:
        """A name like it that no entry has.

        The name of a copy must be another, or nothing could tell the two apart.
        """
        taken = {one.get("name") for one in entries if isinstance(one, Mapping)}
        number = 2
        while f"{name} {number}" in taken:
            number += 1
        return f"{name} {number}"


def list_sheet(desk: Desk, caption: str, at: Steps, noun: type[BaseModel]) -> None:
    """A list of plain nouns as a sheet, with its buttons."""
    columns = [plain(desk, one) for one in columns_of(noun)]
    drawn = NounSheet(desk, caption, columns, lambda: rows_of(desk, at))
    RowButtons(desk, caption, drawn).adding(at, noun)
