"""A change of a promise, capacity, budget or rule in the reader's language."""

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.words import word
from servicepolicy_models.changes import Change, ChangeKind

SHARES = (ChangeKind.FILL_RATE, ChangeKind.CYCLE_SERVICE_LEVEL, ChangeKind.OTIF)


def told(here: Here, change: Change) -> str:
    """A change in words: what it is about, and what it is instead of."""
    words = here.words.repairs
    return word(words, change.kind.value).format(
        where=change.where,
        before=_figure(here, change, change.before),
        after=_figure(here, change, change.after),
        unit=change.unit if change.after is not None else "",
        sentence=change.sentence,
    )


def _figure(here: Here, change: Change, figure: float | None) -> str:
    if figure is None:
        return here.words.repairs.lifted
    if change.kind in SHARES:
        return f"{100 * figure:.4g} %"
    return f"{figure:g} h" if change.kind is ChangeKind.RESPONSE else f"{figure:,.10g}"
