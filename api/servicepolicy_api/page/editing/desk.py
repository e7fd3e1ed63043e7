"""The desk: the draft at hand, what was done and undone, and the check of what it says now."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from servicepolicy_api import drafting
from servicepolicy_api.drafting import Document, Writing
from servicepolicy_api.page.editing.places import Steps, value_at, value_before, with_value
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import Alerts
from servicepolicy_api.review import Review, review
from servicepolicy_models.findings import Finding
from servicepolicy_models.pointer import pointer

MOST_UNDONE = 200


class Desk:
    """One reader's draft. Every change is kept in the store before the next is checked."""

    def __init__(self, here: Here, alerts: Alerts, writing: Writing, checked: Review) -> None:
        """Begin with a draft that was read and checked."""
        self.here, self.alerts, self.writing, self.review = here, alerts, writing, checked
        self.kept_at = writing.kept_at
        self._settled = writing
        self._done: list[Document] = []
        self._undone: list[Document] = []
        self._listeners: list[Callable[[], None]] = []
        self._lock = asyncio.Lock()

    @property
    def document(self) -> Document:
        """What the draft says now."""
        return self.writing.document

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is kept and checked."""
        return self._settled is self.writing

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._undone)

    def listen(self, listener: Callable[[], None]) -> None:
        """Have something drawn again whenever the draft or its check changes."""
        self._listeners.append(listener)

    def value(self, steps: Steps) -> Any:
        """What stands at a place."""
        return value_at(self.document, steps)

    def before(self, steps: Steps) -> Any:
        """What stood there in the version that the draft changes."""
        return value_before(self.document, self.writing.before, steps)

    def finding(self, steps: Steps) -> Finding | None:
        """What is wrong with what stands at a place."""
        where = pointer(*steps)
        found = next((one for one in self.review.findings if one.where == where), None)
        return None if found is None else self.here.reader.told(found)

    async def put(self, *values: tuple[Steps, Any]) -> None:
        """Write values at places: one step to undo, however many they are."""
        document = self.document
        for steps, value in values:
            document = with_value(document, steps, value)
        await self.change(document)

    async def change(self, document: Document) -> None:
        """Put another document in the place of the draft's."""
        if document == self.document:
            self._tell()
            return
        self._done = [*self._done, self.document][-MOST_UNDONE:]
        self._undone.clear()
        await self._settle(document)

    async def undo(self) -> None:
        """Take the last change back."""
        if self._done:
            self._undone.append(self.document)
            await self._settle(self._done.pop())

    async def redo(self) -> None:
        """Make the change again that was taken back last."""
        if self._undone:
            self._done.append(self.document)
            await self._settle(self._undone.pop())

    async def rebase(self) -> None:
        """Put the changes on the newest version."""
        found = await self.alerts.carry_out(lambda: drafting.rebased(self.here.memory, self.writing))
        if found is not None:
            self._done.clear()
            self._undone.clear()
            self.writing = found
            await self._settle(found.document)

    async def look_for_newer(self) -> None:
        """See whether somebody saved a newer version; what was said last stays."""
        name = self.writing.base.name
        found = await self.here.load(lambda: drafting.opened(self.here.memory, self.here.owner, name))
        self.writing = self._settled = replace(self.writing, newest=found.newest)
        self._tell()

    async def _settle(self, document: Document) -> None:
        """Keep and check; of changes that come while that goes on, the last one counts."""
        self.writing = replace(self.writing, document=document)
        self._tell()
        async with self._lock:
            writing = self.writing
            if writing is self._settled:
                return
            checked = await self.alerts.carry_out(lambda: self._kept_and_checked(writing))
            if checked is not None:
                self.review, self._settled, self.kept_at = checked, writing, datetime.now(UTC)
        self._tell()

    def _kept_and_checked(self, writing: Writing) -> Review:
        drafting.keep(self.here.memory, self.here.owner, writing)
        return review(writing.document)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
