"""What every compiled function has in common."""

from collections.abc import Callable
from contextlib import suppress
from pickle import UnpicklingError
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

NOT_KEPT = (OSError, EOFError, UnpicklingError)
"""A full disk, a file of another user, or one that was written in part."""


class _Kept(FunctionCache):
    """Machine code beside the source or in the user's cache. What cannot be written or read there is compiled
    in each process.
    """

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
        compiled._cache = _Kept(function)  # type: ignore[no-untyped-call]
    return cast(Callable[Asked, Answer], compiled)
