"""Numbers as people read them."""

NONE = "–"
"""Stands where there is no number."""
NO_GAP = 1e-9
"""A share below this comes from adding up, not from the question."""


def money(amount: float | None) -> str:
    """Whole units of currency with thousands apart.

    >>> money(1234567.8), money(-0.4), money(None)
    ('1,234,568', '0', '–')
    """
    # Adding 0 turns a negative zero into a plain one.
    return NONE if amount is None else f"{round(amount) + 0:,}"


def share(amount: float | None, digits: int = 1) -> str:
    """A share of a whole in percent.

    >>> share(0.985), share(0.5, 0), share(None)
    ('98.5 %', '50 %', '–')
    """
    return NONE if amount is None else f"{100 * amount:.{digits}f} %"


def promise(fill_rate: float) -> str:
    """A promised fill rate, with no more digits than its rung has.

    >>> promise(0.99), promise(0.925), promise(0.5)
    ('99 %', '92.5 %', '50 %')
    """
    return f"{100 * fill_rate:.4g} %"


def hours(amount: float | None) -> str:
    """Hours, with a decimal only where there is one.

    >>> hours(24), hours(18.54), hours(None)
    ('24 h', '18.5 h', '–')
    """
    return NONE if amount is None else f"{amount:.4g} h" if amount >= 100 else f"{amount:.3g} h"


def gap(amount: float | None) -> str:
    """A gap between objective and bound, which may be very small.

    >>> gap(0.0), gap(0.00012), gap(0.034), gap(2e-16)
    ('0 %', '0.012 %', '3.4 %', '0 %')
    """
    if amount is None:
        return NONE
    return f"{100 * (amount if abs(amount) > NO_GAP else 0.0):.2g} %"
