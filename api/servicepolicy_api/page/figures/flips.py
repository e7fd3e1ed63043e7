"""What segments get differently from one policy to the next: matrices of differences, what flipped."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nicegui import ui

from servicepolicy_api.page.figures.service_matrix import Key, key_of
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.matrix import MatrixCell, matrix
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.table import Column, table
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import NONE, hours, promise
from servicepolicy_models.comparison import Difference
from servicepolicy_models.policy import Policy, SegmentPolicy

FLIPS = (
    "promised_fill_rate", "promised_response_hours", "channel", "process", "mode", "frequency", "supply",
    "deployment", "stock_policy",
)  # fmt: skip
POINTS = 100
ENOUGH = 1e-9
PALEST = 1 / 3


@dataclass(frozen=True)
class Flip:
    """One thing that a segment gets differently."""

    key: Key
    what: str
    before: str
    after: str


def flips(here: Here, before: Policy, after: Policy) -> Iterator[Flip]:
    """Everything that segments get differently; segments that are new or gone as a whole."""
    old, new = _by_key(before), _by_key(after)
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            yield Flip(key, "segment", _promised(one), _promised(other))
            continue
        for what in FLIPS:
            values = [_told(here, what, each) for each in (one, other)]
            if values[0] != values[1]:
                yield Flip(key, what, *values)


def draw_matrices_of_differences(here: Here, before: Policy, after: Policy) -> None:
    """Draw how the promised fill rate moved, region by region."""
    words = here.words.compare
    old, new = _by_key(before), _by_key(after)
    both = {key: new[key].promised_fill_rate - old[key].promised_fill_rate for key in old if key in new}
    most = max((abs(move) for move in both.values()), default=0.0)
    customers, items, regions = (list(dict.fromkeys(key[n] for key in both)) for n in range(3))
    with ui.element("div").classes("sp-promises"):
        for region in regions:
            cells = {
                key[:2]: _cell(here, move, most, old[key], new[key])
                for key, move in both.items()
                if key[2] == region
            }
            caption = words.matrix if region == "*" else words.matrix_of.format(region=region)
            matrix(here, caption, customers, items, cells, is_difference=True)


def draw_flips(here: Here, before: Policy, after: Policy, difference: Difference | None) -> None:
    """Draw what flipped; with the inputs that brought it about, where that was found out."""
    words = here.words.compare
    found = list(flips(here, before, after))
    if not found:
        prose(words.nothing_flipped, is_soft=True)
        return
    because = _because(here, difference)
    columns = [Column(words.segment), Column(words.what), Column(words.before), Column(words.after)]
    rows = [[_name(one.key), word(here.words.means, one.what), one.before, one.after] for one in found]
    if because:
        columns.append(Column(words.because))
        rows = [[*row, because.get((*one.key, one.what), NONE)] for row, one in zip(rows, found, strict=True)]
    table(words.flipped_caption, columns, rows, is_wide=True, is_caption_shown=False)


def _because(here: Here, difference: Difference | None) -> Mapping[tuple[str, ...], str]:
    return {
        (one.customer_class, one.item_class, one.region, one.what): " / ".join(
            " + ".join(word(here.words.input_groups, group.value) for group in groups)
            for groups in one.because
        )
        for one in (difference.segments if difference else ())
    }


def _cell(here: Here, move: float, most: float, old: SegmentPolicy, new: SegmentPolicy) -> MatrixCell:
    words = here.words.compare
    hint = words.cell_hint.format(
        before=promise(old.promised_fill_rate), after=promise(new.promised_fill_rate)
    )
    if abs(move) < ENOUGH:
        return MatrixCell("0", 0.0, promise(new.promised_fill_rate), hint=hint)
    # The least difference is still one: it gets the palest colour, not none.
    depth = math.copysign(max(abs(move) / most, PALEST), move)
    return MatrixCell(f"{POINTS * move:+.4g}", depth, promise(new.promised_fill_rate), hint=hint)


def _told(here: Here, what: str, segment: SegmentPolicy) -> str:
    if what == "promised_fill_rate":
        return promise(segment.promised_fill_rate)
    if what == "promised_response_hours":
        return hours(segment.promised_response_hours)
    return word(here.words.means, str(segment.model_dump(mode="json", include={what})[what]))


def _promised(segment: SegmentPolicy | None) -> str:
    return NONE if segment is None else promise(segment.promised_fill_rate)


def _by_key(policy: Policy) -> dict[Key, SegmentPolicy]:
    return {key_of(one): one for one in policy.segments}


def _name(key: Key) -> str:
    return f"{key[0]}/{key[1]}" + ("" if key[2] == "*" else f" ({key[2]})")
