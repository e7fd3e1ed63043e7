"""A frontier as a picture (SVG): proved points joined by steps, the knee, and the known policies.

A step, not a line, joins two points: between them nothing was solved, and no policy that was solved has that
much service for less than the next point costs. Colour repeats what words say. Lengths are in pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from servicepolicy_api.export.drawing import FAINT, INK, OWN, RULE, box, card, dot, line, words
from servicepolicy_api.show.frontier import amount
from servicepolicy_models.frontier import Against, Frontier, FrontierPoint

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 890, 480, 96, 76, 240, 64
TICKS = 5
"""About so many on each axis."""
LABEL_HEIGHT = 32
"""Two lines of words beside the picture, and some air."""


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return self.first + (value - self.low) / span * (self.last - self.first)

    @property
    def ticks(self) -> list[float]:
        return round_figures(self.low, self.high)


def round_figures(low: float, high: float) -> list[float]:
    """About TICKS figures that can be read aloud, between two others.

    >>> round_figures(2_105_138, 2_760_608)
    [2200000.0, 2300000.0, 2400000.0, 2500000.0, 2600000.0, 2700000.0]
    >>> round_figures(0.8686, 0.995)
    [0.875, 0.9, 0.925, 0.95, 0.975]
    """
    if high <= low:
        return [low]
    rough = (high - low) / TICKS
    power = 10.0 ** floor(log10(rough))
    step = min((1.0, 2.0, 2.5, 5.0, 10.0), key=lambda one: abs(log10(one * power / rough))) * power
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


def picture(found: Frontier) -> str:
    """The whole picture."""
    solved = [one for one in found.points if one.cost_per_year is not None and one.reached is not None]
    services = [*(one.reached or 0.0 for one in solved), *(one.service for one in found.markers)]
    costs = [*(one.cost_per_year or 0.0 for one in solved), *(one.cost_per_year for one in found.markers)]
    x = _Scale(min(services), max(services), LEFT, WIDTH - RIGHT)
    y = _Scale(min(costs), max(costs), HEIGHT - BOTTOM, TOP)
    traded = found.question.against.value.replace("_", " ")
    parts = [
        words(24, 34, f"Total cost a year against {traded}", 17, bold=True),
        words(24, 54, f"in {found.currency}; every dot is solved, none is interpolated", 12, FAINT),
        *_axes(found, x, y),
        *_markers(found, x, y),
        *_steps(found, solved, x, y),
        words(24, HEIGHT - 14, f"Scenario: {found.scenario}", 11, FAINT),
    ]
    title = f"Frontier of {found.scenario}: total cost against {traded}"
    return card(WIDTH, HEIGHT, title, parts, " ".join(found.sentences))


def _axes(found: Frontier, x: _Scale, y: _Scale) -> Iterator[str]:
    for tick in x.ticks:
        yield line(x(tick), HEIGHT - BOTTOM, x(tick), TOP, RULE)
        yield words(x(tick), HEIGHT - BOTTOM + 18, amount(found, tick), 11, FAINT, "middle")
    for tick in y.ticks:
        yield line(LEFT, y(tick), WIDTH - RIGHT, y(tick), RULE)
        yield words(LEFT - 8, y(tick) + 4, f"{tick:,.0f}", 11, FAINT, "end")


def _steps(found: Frontier, solved: list[FrontierPoint], x: _Scale, y: _Scale) -> Iterator[str]:
    """Who asks for a little more service than a point has pays what the next point costs, or less."""
    at = [(x(one.reached or 0.0), y(one.cost_per_year or 0.0)) for one in solved]
    more = found.question.against in (Against.FILL_RATE, Against.OTIF)
    for (x0, y0), (x1, y1) in pairwise(at):
        corner = (x0, y1) if more else (x1, y0)
        path = f"M{x0:.1f} {y0:.1f}L{corner[0]:.1f} {corner[1]:.1f}L{x1:.1f} {y1:.1f}"
        yield f'<path d="{path}" stroke="{OWN}" fill="none" stroke-opacity="0.45"/>'
    for one, (px, py) in zip(solved, at, strict=True):
        yield dot(px, py, 6 if one.knee else 3.5, OWN)
        if one.knee:
            yield words(px, py + 22, "knee", 12, OWN, "middle", bold=True)


def _markers(found: Frontier, x: _Scale, y: _Scale) -> Iterator[str]:
    """The known policies, their names beside the picture, one below the other."""
    ranked = sorted(found.markers, key=lambda one: y(one.cost_per_year))
    for one, at in zip(ranked, _apart([y(one.cost_per_year) for one in ranked]), strict=True):
        px, py = x(one.service), y(one.cost_per_year)
        yield line(px + 6, py, WIDTH - RIGHT + 10, at, RULE)
        yield box(px - 5, py - 5, 10, 10, INK if one.feasible else "#ffffff", INK)
        yield words(WIDTH - RIGHT + 14, at, one.name, 12, bold=one.name == "this policy")
        left = one.left_on_the_table_per_year
        more = "breaks what the scenario asks" if not one.feasible else ""
        if left is not None and left > 0.5:
            more = f"{left:,.0f} left on the table"
        yield words(WIDTH - RIGHT + 14, at + 14, more, 11, FAINT)


def _apart(heights: list[float]) -> list[float]:
    """Heights, from the top, moved apart as far as labels need and no lower than the picture."""
    found: list[float] = []
    for n, height in enumerate(heights):
        room_below = HEIGHT - BOTTOM - LABEL_HEIGHT * (len(heights) - 1 - n) - 14
        lowest = found[-1] + LABEL_HEIGHT if found else TOP
        found.append(max(min(height, room_below), lowest))
    return found
