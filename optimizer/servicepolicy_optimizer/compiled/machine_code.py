"""What every compiled function has in common."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def machine_code(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Compiled at its first call, and kept beside the source or in the user's cache where one can be written.

    Without Python's lock, so that lots go over both processors. Without `fastmath`, so that sums are taken in
    the order in which they are written, and come to the same on every machine.
    """
    try:
        kept = njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # there is no folder to keep it in
        kept = njit(nogil=True, error_model="numpy")(function)
    return cast(Callable[Asked, Answer], kept)
