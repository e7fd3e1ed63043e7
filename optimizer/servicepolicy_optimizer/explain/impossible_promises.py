"""Promises that nothing could keep: no money, no capacity, no rule given up."""

from collections.abc import Iterator

from servicepolicy_models.repairs import Impossible
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.conflicts.words import percent, segment_name
from servicepolicy_optimizer.explain.loosened import Loose, fills_possible, hours_possible
from servicepolicy_optimizer.facts import Facts

CLOSE = 1e-9


def impossible_promises(scenario: Scenario, facts: Facts, loose: Loose) -> Iterator[Impossible]:
    """Every promise that the best of all means, alone and whatever it costs, does not keep."""
    fills = fills_possible(loose.choices, loose.scenario)
    for segment, target in loose.choices.targets.items():
        name = segment_name(segment)
        if target.lines_per_year == 0 and target.pieces_per_year == 0:
            continue
        fastest, surest = _fastest(loose, segment), _surest(loose, segment)
        asked = target.response_hours
        if fastest is None:
            yield Impossible(
                where=name, promised=asked or 0.0, possible=None, unit="h",
                sentence=f"{name} cannot be served: no channel, process, mode and frequency reaches it.",
            )  # fmt: skip
        elif asked is not None and fastest > asked * (1 + CLOSE):
            hours = hours_possible(loose.scenario, facts, segment, fastest)
            yield Impossible(
                where=name, promised=asked, possible=hours, unit="h",
                sentence=f"{name} within {asked:g} h is impossible whatever is paid: the fastest path takes "
                f"{hours:.3g} h (with {percent(target.on_time_probability)} probability).",
            )  # fmt: skip
        fill = fills.get(segment, 1.0)
        if target.fill_rate > fill + CLOSE:
            yield Impossible(
                where=name, promised=target.fill_rate, possible=fill, unit="share",
                sentence=f"{percent(target.fill_rate)} from stock for {name} is impossible whatever is paid: "
                f"the fullest shelf gives {percent(fill)}.",
            )  # fmt: skip
        if target.otif and fastest is not None and target.otif > fill * surest + CLOSE:
            yield Impossible(
                where=name, promised=target.otif, possible=fill * surest, unit="share",
                sentence=f"{percent(target.otif)} on time in full for {name} is impossible whatever is paid: "
                f"the fullest shelf and the surest path give {percent(fill * surest)}.",
            )  # fmt: skip


def _fastest(loose: Loose, segment: Segment) -> float | None:
    hours = [
        path.promised_response_hours
        for (s, _), paths in loose.choices.paths.items()
        if s == segment
        for path in paths
    ]
    return min(hours, default=None)


def _surest(loose: Loose, segment: Segment) -> float:
    """The highest on-time probability of a path that keeps the response promise; else of any path."""
    paths = [
        ((*s, d, n) in loose.late, path.on_time_probability)
        for (s, d), ways in loose.choices.paths.items()
        if s == segment
        for n, path in enumerate(ways)
    ]
    in_time = [probability for late, probability in paths if not late]
    return max(in_time or [probability for _, probability in paths], default=0.0)
