"""What can be told today, and what each future would rather: the words and figures of a robust policy."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicepolicy_models.futures import FutureCost, FuturesAsked, Measure, PublishedSegment
from servicepolicy_models.policy import SegmentPolicy
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.explain.asking import Reply

CHOSEN = (
    "promised_fill_rate", "promised_response_hours", "channel", "process", "mode", "frequency", "supply",
    "deployment", "stock_policy",
)  # fmt: skip
PATH = ("channel", "process", "mode", "frequency")


@dataclass(frozen=True)
class Came:
    """A future, the published policy in it, and what would be best for it alone."""

    name: str
    share: float
    published: Reply | None
    own: Reply


def future_costs(came: Sequence[Came], currency: str) -> tuple[FutureCost, ...]:
    """The regret table: one row a future."""
    return tuple(_future_cost(one, currency) for one in came)


def _future_cost(one: Came, currency: str) -> FutureCost:
    cost = one.published.objective if one.published else None
    own = one.own.objective
    if cost is not None and own is not None:
        own = min(own, cost)
    regret = None if cost is None or own is None else cost - own
    if cost is None or regret is None:
        sentence = f"{one.name}: alone it {_alone(own, currency)}."
    elif regret < 0.005:
        sentence = f"{one.name}: the policy costs {cost:,.0f} {currency} a year, and none is better for it."
    else:
        sentence = (
            f"{one.name}: the policy costs {cost:,.0f} {currency} a year; knowing this future in advance "
            f"would save {regret:,.0f}."
        )
    return FutureCost(
        name=one.name, weight=one.share, cost=cost, own_cost=own, regret=regret, sentence=sentence
    )


def _alone(own: float | None, currency: str) -> str:
    return "has no policy" if own is None else f"would cost {own:,.0f} {currency} a year"


def published_segments(came: Sequence[Came]) -> tuple[PublishedSegment, ...]:
    """Each segment's promise that holds in every future, its means, and how steady they are."""
    published = [_by_segment(one.published) for one in came if one.published]
    own = {one.name: _by_segment(one.own) for one in came}
    return tuple(_segment(s, [of[s] for of in published], own) for s in published[0])


def _by_segment(reply: Reply) -> dict[Segment, SegmentPolicy]:
    segments = reply.policy.segments if reply.policy else ()
    return {(one.customer_class, one.item_class, one.region): one for one in segments}


def _segment(
    segment: Segment, everywhere: Sequence[SegmentPolicy], own: dict[str, dict[Segment, SegmentPolicy]]
) -> PublishedSegment:
    alone = {
        field: {name: _told(field, getattr(of[segment], field)) for name, of in own.items()}
        for field in CHOSEN
    }
    moving = {field: by_future for field, by_future in alone.items() if len(set(by_future.values())) > 1}
    first = everywhere[0]
    path = {field: _if_same([getattr(one, field) for one in everywhere]) for field in PATH}
    fill = min(one.promised_fill_rate for one in everywhere)
    hours = max(one.promised_response_hours for one in everywhere)
    return PublishedSegment(
        customer_class=segment[0],
        item_class=segment[1],
        region=segment[2],
        promised_fill_rate=fill,
        promised_response_hours=hours,
        **path,
        supply=first.supply,
        deployment=first.deployment,
        stock_policy=first.stock_policy.value,
        steady=tuple(field for field in CHOSEN if field not in moving),
        moving=moving,
        sentence=_sentence(segment, fill, hours, moving),
    )


def _if_same(values: Sequence[str]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _sentence(segment: Segment, fill: float, hours: float, moving: dict[str, dict[str, str]]) -> str:
    name = f"{segment[0]}-{segment[1]}" + (f" {segment[2]}" if segment[2] != "*" else "")
    promise = f"{name}: {100 * fill:.4g} % from stock within {hours:g} h can be published"
    if not moving:
        return f"{promise}; every future alone would choose the same."
    fields = ", ".join(field.replace("_", " ") for field in moving)
    return f"{promise}; alone, the futures would differ in {fields}."


def _told(field: str, value: object) -> str:
    if field == "promised_fill_rate":
        return f"{100 * float(str(value)):.4g} %"
    return f"{float(str(value)):g} h" if field == "promised_response_hours" else str(value)


MEASURED = {
    Measure.EXPECTED: "the least mean cost",
    Measure.REGRET: "the least regret",
    Measure.CVAR: "the least mean cost of the worst futures",
}


def robust_sentence(asked: FuturesAsked, came: Sequence[Came], value: float, currency: str) -> str:
    """The whole answer, ready to be read aloud."""
    rows = future_costs(came, currency)
    worst = max(rows, key=lambda row: row.regret or 0.0)
    steady = sum(not one.moving for one in published_segments(came))
    of = len(published_segments(came))
    how = (
        f"Over {len(came)} futures this policy has {MEASURED[asked.measure]}: {value:,.0f} {currency} a year."
    )
    regret = worst.regret or 0.0
    dearest = (
        f" At worst it costs {regret:,.0f} more than could be had, if {worst.name!r} comes."
        if regret >= 0.5
        else " No single future would be better served by another policy."
    )
    return f"{how}{dearest} {steady} of {of} segments are served the same in every future's own best policy."
