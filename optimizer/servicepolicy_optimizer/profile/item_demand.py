"""Demand per item and atom: mean, lines, order sizes, and the covariance of demand between atoms."""

from typing import Any

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Floats, ItemFacts, SizeFacts
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.array_room import require_memory
from servicepolicy_optimizer.profile.clean import CleanedLines
from servicepolicy_optimizer.profile.history import History
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.sums import decimal_sum, exact_sum


def item_facts(scenario: Scenario, placement: Placement, history: History) -> ItemFacts:
    """Add up the placed lines once into (item, atom, period), and everything from those partial sums.

    Rates are over the whole history, also for items first sold late in it: so items and segments add up to
    the same demand; `trends` reports the items for which that matters.
    """
    desk = placement.cleaned.desk
    worth = desk.connection.execute(f"SELECT * FROM {placement.worth} ORDER BY item").fetchnumpy()
    item_class = desk.connection.execute(
        f"SELECT class FROM {placement.item_class} ORDER BY number"
    ).fetchnumpy()["class"]
    codes = tuple(str(code) for code in worth["code"])
    classes = len(scenario.segmentation.customers.classes)
    shape = (len(codes), classes * len(scenario.segmentation.regions))
    require_memory(*shape)
    part = partial_sums(placement, classes, history)
    totals = desk.connection.execute(
        f"SELECT item, atom, sum(lines) AS lines, {exact_sum('pieces')} AS pieces, "
        f"{exact_sum('squares')} AS squares FROM {part} GROUP BY 1, 2"
    ).fetchnumpy()
    lines, pieces, squares = (_dense(totals, name, shape) for name in ("lines", "pieces", "squares"))
    poisson_variance = squares / history.days
    covariance = np.zeros((*shape, shape[1]))
    atoms = np.arange(shape[1])
    if history.poisson:
        covariance[:, atoms, atoms] = poisson_variance
    else:
        covariance, seen = _period_covariance(part, shape, history, desk)
        # Demand only in the left-over days after the last whole period has no variance over periods.
        diagonal = covariance[:, atoms, atoms]
        covariance[:, atoms, atoms] = np.where(seen > 0, diagonal, poisson_variance)
    return ItemFacts(
        items=codes,
        item_class=np.asarray(item_class, dtype=np.intp),
        unit_cost=_floats(worth["unit_cost"]),
        unit_price=_floats(worth["unit_price"]),
        unit_weight_kg=_floats(worth["unit_weight_kg"]),
        unit_volume_m3=_floats(worth["unit_volume_m3"]),
        pieces_per_day=pieces / history.days,
        lines_per_day=lines / history.days,
        order_size_second_moment_pieces2=np.divide(squares, lines, out=np.zeros(shape), where=lines > 0),
        covariance_pieces2_per_day=covariance,
        order_sizes=size_facts(placement, classes, history),
    )


def size_facts(placement: Placement, classes: int, history: History) -> SizeFacts:
    """How many lines of which size each atom orders of each item, a day of the whole history."""
    found = placement.cleaned.desk.connection.execute(
        f"SELECT item, r * {classes} + i AS atom, pieces::DOUBLE AS size, count(*) AS lines "
        f"FROM {placement.placed} GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    return SizeFacts(
        item=np.asarray(found["item"], np.intp),
        atom=np.asarray(found["atom"], np.intp),
        pieces=_floats(found["size"]),
        lines_per_day=_floats(found["lines"]) / history.days,
    )


def partial_sums(placement: Placement, classes: int, history: History) -> str:
    """A table (item, atom, period, lines, pieces, squares), the last two exact decimals: the only pass over
    the lines for the demand of items by atom, as many rows as items, atoms and periods meet.
    """
    desk = placement.cleaned.desk
    part = desk.fresh("partial_sum")
    desk.connection.execute(
        f"""
        CREATE TABLE {part} AS
        SELECT item, r * {classes} + i AS atom, day // {history.period_calendar_days} AS period,
            count(*) AS lines, {decimal_sum("pieces")} AS pieces, {decimal_sum("pieces * pieces")} AS squares
        FROM {placement.placed} GROUP BY ALL
        """
    )
    return part


def period_sums(cleaned: CleanedLines, history: History) -> str:
    """A table (item, period, pieces) of all customers together, exact decimals: what patterns of demand need.

    No line is looked up among the classes for it, and there are fewer rows than in `partial_sums`.
    """
    if cleaned.arrays is not None:
        return cleaned.arrays.period_sums(history.period_calendar_days)
    part = cleaned.desk.fresh("period_sum")
    cleaned.desk.connection.execute(
        f"CREATE TABLE {part} AS SELECT item, day // {history.period_calendar_days} AS period, "
        f"{decimal_sum('pieces')} AS pieces FROM {cleaned.keyed} GROUP BY ALL"
    )
    return part


def _period_covariance(
    part: str, shape: tuple[int, int], history: History, desk: Workspace
) -> tuple[Floats, Floats]:
    """(N, A, A) sample covariance of a period's demand over T whole periods, per day, and (N, A) pieces in
    them.

    cov(a, b) = (Σ_t x_a x_b − Σ_t x_a Σ_t x_b / T) / (T − 1) / days in a period; periods without demand count
    as zero. Only pairs of atoms that meet in a period are added up: periods x atoms is never built.
    """
    whole = (
        "(SELECT item, atom, period, CAST(pieces AS DOUBLE) AS pieces "
        f"FROM {part} WHERE period < {history.periods})"
    )
    sums = desk.connection.execute(
        f"SELECT item, atom, {exact_sum('pieces')} AS pieces FROM {whole} GROUP BY 1, 2"
    ).fetchnumpy()
    met = desk.connection.execute(
        "SELECT one.item, one.atom AS a, other.atom AS b, "
        f"{exact_sum('one.pieces * other.pieces')} AS products "
        f"FROM {whole} AS one JOIN {whole} AS other ON one.item = other.item AND one.period = other.period "
        "AND one.atom <= other.atom GROUP BY 1, 2, 3"
    ).fetchnumpy()
    total = _dense(sums, "pieces", shape)
    products = np.zeros((*shape, shape[1]))
    products[met["item"], met["a"], met["b"]] = met["products"]
    products[met["item"], met["b"], met["a"]] = met["products"]
    products -= total[:, :, None] * total[:, None, :] / history.periods
    products /= (history.periods - 1) * history.period_days
    return products, total


def _dense(found: dict[str, Any], name: str, shape: tuple[int, int]) -> Floats:
    """A column of (item, atom, ...) rows as an (N, A) array, 0 where there is no row."""
    dense = np.zeros(shape)
    dense[found["item"], found["atom"]] = found[name]
    return dense


def _floats(column: Any) -> Floats:
    """A column without NULL as doubles."""
    return np.asarray(np.ma.filled(column, np.nan), dtype=np.float64)
