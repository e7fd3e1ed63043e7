"""Measure what is claimed about speed: `make bench`, and with every peer and at full size `make bench-full`.

python -m benchmarks.run                    all short ones; prints a table each and writes docs/performance.md
python -m benchmarks.run --full             the large ones too, beside the peers
python -m benchmarks.run --only columns     one of them
"""

import argparse
import math
import platform
from collections.abc import Mapping
from importlib import metadata
from os import cpu_count
from time import process_time

from benchmarks import (
    explaining,
    first_answer,
    growth,
    item_columns,
    master_model,
    million_items,
    order_lines,
    own_profile,
    page,
    posting,
    profile_slope,
    sku_milp,
    small_solve,
    start,
    what_if,
    whole_items,
    wide_master,
)
from benchmarks.duel import Bout, Duel, fight
from benchmarks.growth import Growth
from benchmarks.own_profile import OwnProfile, own_section, spent
from benchmarks.picture import draw
from benchmarks.profile_slope import Slope
from benchmarks.race import Lap, Race, run
from benchmarks.whole_items import WholeItems

Measured = Race | Duel | OwnProfile | Slope | Growth | WholeItems

SHORT: Mapping[str, Measured] = {
    "master": master_model.RACE,
    "large-master": wide_master.SHORT,
    "profile": order_lines.RACE,
    "profile-slope": profile_slope.SHORT,
    "columns": item_columns.RACE,
    "items": million_items.SHORT,
    "sku-milp": sku_milp.SHORT,
    "growth": growth.SHORT,
    "explain": explaining.RACE,
    "what-if-small": what_if.SMALL,
    "what-if": what_if.RACE,
    "small-solve": small_solve.RACE,
    "posting": posting.RACE,
    "start": start.RACE,
    "own-profile-small": own_profile.SMALL,
    "own-profile": own_profile.LARGE,
    "first-answer": first_answer.RACE,
}
FULL: Mapping[str, Measured] = {
    "profile-ten-million": order_lines.TEN_MILLION,
    "profile-slope-full": profile_slope.FULL,
    "profile-slope-csv": profile_slope.FULL_CSV,
    "large-master-999": wide_master.FULL,
    "large-master-5004": wide_master.FULLER,
    "items-million": million_items.FULL,
    "sku-milp-10000": sku_milp.FULL,
    "growth-full": growth.FULL,
    "items-whole": whole_items.FULL,
    "items-whole-million": whole_items.MILLION,
}
FEW = 1_000
"""Up to so much work a round it is not told in millions a second."""
LIBRARIES = ("numpy", "scipy", "pandas", "duckdb", "pyomo", "highspy")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description="Measure what is claimed about speed.")
    parser.add_argument("--full", action="store_true", help="the large ones too, beside the peers")
    parser.add_argument("--only", choices=sorted({**SHORT, **FULL}), help="one of them")
    asked = parser.parse_args()
    known = {**SHORT, **FULL}
    for name in [asked.only] if asked.only else {**SHORT, **(FULL if asked.full else {})}:
        text = measured(name, known[name])
        print(text, flush=True)
        page.write(f"bench: {name}", text)


def measured(name: str, what: Measured) -> str:
    """Run one, and its section of the page."""
    if isinstance(what, OwnProfile):
        return own_section(what, spent(what))
    if isinstance(what, Duel):
        bouts, size = fight(what)
        draw(name, bouts)
        return duel_section(name, what, bouts, size)
    if isinstance(what, Slope):
        return slope_section(what)
    if isinstance(what, WholeItems):
        table = whole_items.table(whole_items.measured(what))
        return f"## {what.name}\n\n{what.about} {machine()}\n\n{table}\n\nGoal: {what.goal}.\n"
    if isinstance(what, Growth):
        return f"## {what.name}\n\n{what.about} {machine()}\n\n{growth.table(growth.measured(what))}\n"
    laps, (amount, unit) = run(what)
    return section(what, laps, amount, unit)


def machine() -> str:
    """What it was measured on."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    return f"Python {platform.python_version()}, {cpu_count()} processors, {versions}."


def section(race: Race, laps: list[Lap], amount: float, unit: str) -> str:
    """A race in Markdown: what was done, the table, the goal."""
    table = _once(race, laps) if race.once else _in_rounds(race, laps, amount, unit)
    rounds = "" if race.once else f", {race.rounds} rounds"
    told = f"{amount:,.0f} {unit}{rounds}. {race.about} {machine()}"
    return f"## {race.name}\n\n{told}\n\n{table}\n\nGoal: {race.goal}.\n"


def _once(race: Race, laps: list[Lap]) -> str:
    heads = (
        f"|  | elapsed | processor time | processor time / that of {race.against} "
        "| peak memory (when it began) |"
    )
    rows = [
        f"| {lap.name} | {lap.elapsed_seconds:.3g} s | {lap.seconds:.3g} s | {lap.ratio:.2f} "
        f"| {lap.peak_mb:,.0f} MB ({lap.waiting_mb:,.0f} MB) |"
        for lap in laps
    ]
    return "\n".join([heads, "| --- | ---: | ---: | ---: | ---: |", *rows])


def _in_rounds(race: Race, laps: list[Lap], amount: float, unit: str) -> str:
    million, scale = ("million ", 1e6) if amount > FEW else ("", 1.0)
    median = "median of a processor" if race.clock is process_time else "median"
    heads = (
        f"|  | {median} | time / time of {race.against} | {million}{unit} a second "
        "| peak memory (when it began) |"
    )
    rows = [
        f"| {lap.name} | {lap.seconds:.3g} s | {lap.ratio:.2f} ({lap.ratio_from:.2f} to {lap.ratio_to:.2f}) "
        f"| {amount / lap.seconds / scale:,.3g} | {lap.peak_mb:,.0f} MB ({lap.waiting_mb:,.0f} MB) |"
        for lap in laps
    ]
    return "\n".join([heads, "| --- | ---: | ---: | ---: | ---: |", *rows])


def slope_section(slope: Slope) -> str:
    """A slope in Markdown."""
    table = profile_slope.table(slope, profile_slope.measured(slope))
    return f"## {slope.name}\n\n{slope.about} {machine()}\n\n{table}\n\nGoal: {slope.goal}.\n"


def duel_section(name: str, duel: Duel, bouts: list[Bout], size: str) -> str:
    """A duel in Markdown: the table says what each held when it stopped."""
    own = bouts[0].seconds
    rows = [
        f"| {bout.name} | {_seconds(bout.seconds)} | {bout.seconds / own:.2f} | {_held(bout)} "
        f"| {bout.peak_mb:,.0f} MB ({bout.waiting_mb:,.0f} MB) |"
        for bout in bouts
    ]
    heads = (
        "",
        "processor time",
        "time / ours",
        "held at the end: cost (gap)",
        "peak memory (when it began)",
    )
    table = "\n".join([f"| {' | '.join(heads)} |", "| --- | ---: | ---: | ---: | ---: |", *rows])
    told = f"{size}. {duel.about} {machine()}"
    shown = f"![Processor time of each contestant, on a logarithmic scale](bench-{name}.svg)"
    return f"## {duel.name}\n\n{told}\n\n{table}\n\n{shown}\n\nGoal: {duel.goal}.\n"


def _seconds(seconds: float) -> str:
    return "failed" if math.isnan(seconds) else f"{seconds:.3g} s"


def _held(bout: Bout) -> str:
    reached = bout.reached
    if reached is None:
        return "failed"
    if reached.objective is None or not math.isfinite(reached.objective):
        return "nothing"
    if reached.bound is None or not math.isfinite(reached.bound):
        return f"{reached.objective:,.0f}"
    gap = max(reached.objective - reached.bound, 0.0) / max(abs(reached.objective), 1e-9)
    return f"{reached.objective:,.0f} ({gap:.1e})"


if __name__ == "__main__":
    main()
