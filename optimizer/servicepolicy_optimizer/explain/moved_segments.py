"""What segments get differently, and which change of the question brought it about."""

from collections.abc import Iterator, Mapping, Sequence

from servicepolicy_models.comparison import InputGroup, SegmentChange
from servicepolicy_models.policy import SegmentPolicy
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.explain.asking import Reply
from servicepolicy_optimizer.explain.bridge import named

Groups = frozenset[InputGroup]

COMPARED = (
    "promised_fill_rate", "promised_response_hours", "channel", "process", "mode", "frequency", "supply",
    "deployment", "stock_policy",
)  # fmt: skip
"""What a planner sees of a segment's policy."""
WORDS = {
    "promised_fill_rate": "promised fill rate", "promised_response_hours": "promised response",
    "stock_policy": "shelf",
}  # fmt: skip


def moved_segments(
    causes: Sequence[InputGroup], replies: Mapping[Groups, Reply], stated_order: bool
) -> tuple[SegmentChange, ...]:
    """Every field of every segment that differs between no cause and all causes.

    `because` are the smallest sets of causes after which alone the segment has what it has in the end; where
    the causes came in one order, the step after which it kept it.
    """
    segments = {groups: _by_segment(reply) for groups, reply in replies.items() if reply.policy is not None}
    before, after = segments[frozenset()], segments[frozenset(causes)]
    found = list[SegmentChange]()
    for segment in dict.fromkeys([*before, *after]):
        if segment not in before or segment not in after:
            found.append(_came_or_went(segment, segment in after))
            continue
        for what in COMPARED:
            old, new = getattr(before[segment], what), getattr(after[segment], what)
            if old != new:
                having = {
                    groups: getattr(of[segment], what) == new if segment in of else False
                    for groups, of in segments.items()
                }
                because = (_last_step(causes, having),) if stated_order else tuple(_smallest(causes, having))
                found.append(_changed(segment, what, (_told(what, old), _told(what, new)), because))
    return tuple(found)


def _by_segment(reply: Reply) -> dict[Segment, SegmentPolicy]:
    assert reply.policy is not None  # only policies are asked
    return {(one.customer_class, one.item_class, one.region): one for one in reply.policy.segments}


def _smallest(
    causes: Sequence[InputGroup], having: Mapping[Groups, bool]
) -> Iterator[tuple[InputGroup, ...]]:
    """The sets of least size that bring it about."""
    bringing = [groups for groups, has in having.items() if has and groups]
    least = min(map(len, bringing))
    for groups in bringing:
        if len(groups) == least:
            yield tuple(cause for cause in causes if cause in groups)


def _last_step(causes: Sequence[InputGroup], having: Mapping[Groups, bool]) -> tuple[InputGroup, ...]:
    """What changed between the last mixture without it and the next one."""
    prefixes = [
        (n, having[frozenset(causes[:n])]) for n in range(len(causes) + 1) if frozenset(causes[:n]) in having
    ]
    last = max(place for place, (_, has) in enumerate(prefixes) if not has)
    return tuple(causes[prefixes[last][0] : prefixes[last + 1][0]])


def _changed(
    segment: Segment, what: str, values: tuple[str, str], because: tuple[tuple[InputGroup, ...], ...]
) -> SegmentChange:
    reasons = " or ".join(named(groups) for groups in because)
    field = WORDS.get(what, what)
    sentence = f"{_name(segment)}: {field} {values[1]} instead of {values[0]}, because of {reasons}."
    return _noun(segment, what, values, because, sentence)


def _came_or_went(segment: Segment, came: bool) -> SegmentChange:
    values = ("none", "new") if came else ("there", "gone")
    sentence = f"{_name(segment)} is {values[1]}, because classes or regions differ."
    return _noun(segment, "segment", values, ((InputGroup.CLASSES,),), sentence)


def _noun(
    segment: Segment,
    what: str,
    values: tuple[str, str],
    because: tuple[tuple[InputGroup, ...], ...],
    sentence: str,
) -> SegmentChange:
    return SegmentChange(
        customer_class=segment[0],
        item_class=segment[1],
        region=segment[2],
        what=what,
        before=values[0],
        after=values[1],
        because=because,
        sentence=sentence,
    )


def _name(segment: Segment) -> str:
    """`C-B` or, with regions, `C-B North`."""
    return f"{segment[0]}-{segment[1]}" + (f" {segment[2]}" if segment[2] != "*" else "")


def _told(what: str, value: object) -> str:
    if what == "promised_fill_rate":
        return f"{100 * float(str(value)):.4g} %"
    if what == "promised_response_hours":
        return f"{float(str(value)):g} h"
    return str(value)
