"""Changes that come at the same time go to the disk together: one commit, and one wait, for all of them."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from servicepolicy_store.errors import StoreUnavailable
from servicepolicy_store.told_plainly import told_plainly

if TYPE_CHECKING:
    from servicepolicy_store.database import Transaction

T = TypeVar("T")


@dataclass(frozen=True)
class _Change:
    """What somebody wants to write, and what comes of it."""

    make: "Callable[[Transaction], Any]"
    outcome: "Future[Any]" = field(default_factory=Future)


class Together:
    """The first who comes waits for the turn to write; whoever comes until then goes with the same commit.

    Each change is a savepoint: one that fails takes itself back and nothing else. Nobody is told of a result
    before all of it is on the disk.
    """

    def __init__(self, writing: "Callable[[], AbstractContextManager[Transaction]]") -> None:
        """writing: opens a transaction, waiting for the turn; commits it at the end."""
        self._writing, self._mutex = writing, Lock()
        self._waiting: list[_Change] = []

    def written(self, make: "Callable[[Transaction], T]") -> T:
        """Make a change; return what it returns, or raise what it raises, once it is on the disk."""
        mine = _Change(make)
        with self._mutex:
            self._waiting.append(mine)
            is_first = len(self._waiting) == 1
        if is_first:
            self._write()
        result: T = mine.outcome.result()
        return result

    def _write(self) -> None:
        taken: list[_Change] = []
        try:
            with self._writing() as tx:
                taken = self._taken()
                made = [_alone(tx, taken[0])] if len(taken) == 1 else [_among(tx, one) for one in taken]
        except BaseException as failed:
            for one in taken or self._taken():
                one.outcome.set_exception(failed)
            return
        for tell in made:
            tell()

    def _taken(self) -> list[_Change]:
        with self._mutex:
            taken, self._waiting = self._waiting, []
        return taken


Tell = Callable[[], None]


def _alone(tx: "Transaction", one: _Change) -> Tell:
    """Nobody else's change is at stake: what is raised takes the transaction back."""
    result = one.make(tx)
    return lambda: one.outcome.set_result(result)


def _among(tx: "Transaction", one: _Change) -> Tell:
    """Make a change or take it back; return what tells whoever waits for it."""
    own = replace(tx, afterwards=[])
    try:
        with told_plainly(), tx.connection.begin_nested():
            result = one.make(own)
    except StoreUnavailable:
        # The database itself: what the others have written is not safe either.
        raise
    except Exception as failed:
        return lambda failed=failed: one.outcome.set_exception(failed)  # type: ignore[misc]
    tx.afterwards.extend(call for call in own.afterwards if call not in tx.afterwards)
    return lambda: one.outcome.set_result(result)
