"""A duel as a picture: one bar a contestant, seconds on a logarithmic scale, and the gap held then."""

import math
from html import escape
from pathlib import Path

from benchmarks.duel import Bout, Reached

DOCS = Path(__file__).parents[1] / "docs"
WIDTH, ROW, LEFT, RIGHT = 820, 30, 290, 190


def draw(name: str, bouts: list[Bout]) -> None:
    """Write docs/bench-<name>.svg."""
    (DOCS / f"bench-{name}.svg").write_text(bars(bouts), encoding="utf-8")


def bars(bouts: list[Bout]) -> str:
    """The picture; a contestant that held nothing is pale.

    >>> "nothing held" in bars([Bout("peer", 10.0, 1.0, 1.0, None)])
    True
    """
    done = [bout.seconds for bout in bouts if not math.isnan(bout.seconds)]
    low, high = math.log10(min(done, default=1.0)) - 0.5, math.log10(max(done, default=10.0)) + 0.05
    rows = [_row(place, bout, low, high) for place, bout in enumerate(bouts)]
    height = ROW * len(bouts) + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="13">\n<title>Time of each contestant, logarithmic</title>\n'
        + "\n".join(rows)
        + "\n</svg>\n"
    )


def _row(place: int, bout: Bout, low: float, high: float) -> str:
    top = 5 + ROW * place
    failed = math.isnan(bout.seconds)
    held = bout.reached is not None and bout.reached.objective is not None
    share = 0.0 if failed else (math.log10(bout.seconds) - low) / (high - low)
    wide = share * (WIDTH - LEFT - RIGHT)
    said = "failed" if failed else f"{bout.seconds:.3g} s, {_held(bout.reached)}"
    colour = "#2a6f97" if held else "#b8c4cc"
    return (
        f'<text x="{LEFT - 8}" y="{top + 17}" text-anchor="end">{escape(bout.name)}</text>'
        f'<rect x="{LEFT}" y="{top + 3}" width="{wide:.1f}" height="{ROW - 10}" fill="{colour}"/>'
        f'<text x="{LEFT + wide + 6:.1f}" y="{top + 17}">{said}</text>'
    )


def _held(reached: Reached | None) -> str:
    """Seconds alone compare nobody: most stop at the time limit.

    >>> _held(Reached(100.0, 99.0)), _held(Reached(100.0, None)), _held(None)
    ('gap 1.0e-02', 'no bound', 'nothing held')
    """
    if reached is None or reached.objective is None:
        return "nothing held"
    if reached.bound is None or not math.isfinite(reached.bound):
        return "no bound"
    return f"gap {max(reached.objective - reached.bound, 0.0) / max(abs(reached.objective), 1e-9):.1e}"
