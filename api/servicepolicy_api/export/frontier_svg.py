"""A frontier as a picture (SVG): proved points joined by steps, the knee, and the known policies.

A step, not a line, joins two points: between them nothing was solved, and no policy that was solved has that
much service for less than the next point costs. Colour repeats what words say. Lengths are in pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from servicepolicy_api.export.drawing import FAINT, INK, OWN, RULE, box, card, dot, line, words
from servicepolicy_api.show.frontier import amount
from servicepolicy_models.frontier import Against, Frontier, FrontierPoint

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 890, 480, 96, 76, 240, 64
TICKS = 4


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
        return [self.low + (self.high - self.low) * n / TICKS for n in range(TICKS + 1)]


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
        *_steps(found, solved, x, y),
        *_markers(found, x, y),
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
    lowest = -1e9
    for one in sorted(found.markers, key=lambda one: y(one.cost_per_year)):
        px, py = x(one.service), y(one.cost_per_year)
        fill = "#ffffff" if not one.feasible else INK
        yield box(px - 5, py - 5, 10, 10, fill, INK)
        left = one.left_on_the_table_per_year
        told = one.name if one.feasible else f"{one.name} (breaks something)"
        lowest = max(py, lowest + 30)
        yield line(px + 6, py, WIDTH - RIGHT + 10, lowest, RULE)
        yield words(WIDTH - RIGHT + 14, lowest, told, 12, bold=one.name == "this policy")
        if left is not None and left > 0.5:
            yield words(WIDTH - RIGHT + 14, lowest + 14, f"{left:,.0f} left on the table", 11, FAINT)
