"""What a planner will not touch, written in few words, becomes an aim."""

import re
from collections.abc import Sequence

from servicepolicy_models.changes import Aim, ChangeKind
from servicepolicy_models.errors import QuestionRejected, error

SEGMENT = re.compile(r"^(?P<customer_class>[^/()]+)/(?P<item_class>[^/()]+?)(?: \((?P<region>[^()]+)\))?$")
KINDS = {kind.value: kind for kind in ChangeKind}


def aim_of(words: str) -> Aim:
    """`A/A`, `A/*`, `A/A (North)`: promises of a segment; `response:C/*`: one kind of promise; `budget`,
    `capacity`, `rule`: all of a kind; `capacity:Leeds`: one of them; any other words are a name.

    >>> aim_of("A/*").customer_class, aim_of("response:C/C").kind.value, aim_of("capacity:Leeds").name
    ('A', 'response', 'Leeds')
    """
    first, _, rest = words.partition(":")
    kind = KINDS.get(first)
    what = rest if kind and rest else "" if kind else words
    segment = SEGMENT.match(what)
    if segment:
        return Aim(kind=kind, **{part: said for part, said in segment.groupdict().items() if said})
    return Aim(kind=kind, name=what or "*")


def weights_of(words: Sequence[str]) -> list[dict[str, object]]:
    """`A/A=3` for each segment that counts otherwise, as a frontier is asked for it.

    >>> weights_of(["A/*=3"])
    [{'customer_class': 'A', 'item_class': '*', 'weight': 3.0}]
    """
    found: list[dict[str, object]] = []
    findings = []
    for number, one in enumerate(words):
        name, _, figure = one.rpartition("=")
        segment = SEGMENT.match(name)
        try:
            weight = float(figure)
        except ValueError:
            segment = None
        if segment is None:
            what, mend = f"{one!r} is no weight of a segment.", "Write it like A/A=3 or C/*=0."
            findings.append(error(f"/weights/{number}", what, "question.wrong_value", mend))
            continue
        found.append({**{part: said for part, said in segment.groupdict().items() if said}, "weight": weight})
    if findings:
        raise QuestionRejected(findings)
    return found
