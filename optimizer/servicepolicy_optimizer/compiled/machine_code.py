"""What every compiled function has in common."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

NOT_KEPT = (OSError, EOFError, UnpicklingError)
"""A full disk, a file of another user, or one that was written in part."""


COMPILED = Path(__file__).parent
SOURCES = (COMPILED, COMPILED.parent / "inventory")
"""Rooms of all functions and numbers that machine code is made from."""


@cache
def state_of(rooms: tuple[Path, ...]) -> str:
    """A hash of all sources of some rooms."""
    found = sha256()
    for file in sorted(file for room in rooms for file in room.glob("*.py")):
        found.update(file.read_bytes() + b"\0")
    return found.hexdigest()


class _Kept(FunctionCache):
    """Machine code beside the source or in the user's cache. What cannot be written or read there is compiled
    in each process.

    Numba finds again what was made from the same file. But it also holds the functions that are called and
    the numbers that are read from other files, so these have to be the same, too.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        """What is kept of a function, where there is a folder for it."""
        super().__init__(function)  # type: ignore[no-untyped-call]
        made_from = self._impl.locator.get_source_stamp(), state_of(SOURCES)
        name = self._impl.filename_base
        self._cache_file = IndexDataCacheFile(self.cache_path, name, made_from)  # type: ignore[no-untyped-call]

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(*NOT_KEPT):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        with suppress(*NOT_KEPT):
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        return None


def machine_code(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Compiled at its first call, and kept where there is a folder for it.

    Without Python's lock, so that lots go over both processors. Without `fastmath`, so that sums are taken in
    the order in which they are written, and come to the same on every machine.
    """
    return _compiled(function, counts=True)


def bare_machine_code(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The same for a function that makes no array: who else holds those that it is handed is not counted.

    Where one function hands arrays to another, line by line, each would be counted up and down again, locked
    against other processors: 20 ns a line. The compiler refuses a function that makes an array after all.
    """
    return _compiled(function, counts=False)


def _compiled(function: Callable[Asked, Answer], *, counts: bool) -> Callable[Asked, Answer]:
    njit_as_asked: Any = njit  # its types leave `_nrt` out
    compiled = njit_as_asked(nogil=True, error_model="numpy", _nrt=counts)(function)
    with suppress(RuntimeError):  # there is no folder to keep it in
        compiled._cache = _Kept(function)
    return cast(Callable[Asked, Answer], compiled)
