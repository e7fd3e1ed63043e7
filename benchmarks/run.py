"""Measure what is claimed about speed: `make bench`.

python -m benchmarks.run                    all races; prints a table a race and writes docs/performance.md
python -m benchmarks.run --only columns     one race, nothing written
python -m benchmarks.run --only columns --write    one race, and its section of the page written
"""

import argparse
import platform
from importlib import metadata
from os import cpu_count
from pathlib import Path

from benchmarks import explaining, item_columns, master_model, order_lines
from benchmarks.race import Lap, Race, run

RACES = {
    "master": master_model.RACE,
    "profile": order_lines.RACE,
    "columns": item_columns.RACE,
    "explain": explaining.RACE,
}
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN = "<!-- Written by `make bench`. -->"
END = "<!-- The end of what `make bench` writes. -->"
LIBRARIES = ("numpy", "scipy", "pandas", "duckdb", "pyomo", "highspy")


def main() -> None:
    """Run the races that are asked for."""
    parser = argparse.ArgumentParser(description="Measure what is claimed about speed.")
    parser.add_argument("--only", choices=sorted(RACES), help="run one race")
    parser.add_argument("--write", action="store_true", help="write what was measured, also of one race")
    said = parser.parse_args()
    sections = [measured(RACES[name]) for name in ([said.only] if said.only else RACES)]
    page = PAGE.read_text(encoding="utf-8")
    if not said.only:
        PAGE.write_text(with_section(page, sections), encoding="utf-8")
    elif said.write:
        PAGE.write_text(with_one_section(page, sections[0]), encoding="utf-8")


def measured(race: Race) -> str:
    """Run a race, print its section and return it."""
    laps, (amount, unit) = run(race)
    text = section(race, laps, amount, unit)
    print(text, flush=True)
    return text


def section(race: Race, laps: list[Lap], amount: float, unit: str) -> str:
    """A race in Markdown: what was done, the table, the goal."""
    table = _once(race, laps) if race.once else _in_rounds(race, laps, amount, unit)
    rounds = "" if race.once else f", {race.rounds} rounds"
    return (
        f"## {race.name}\n\n{amount:,.0f} {unit}{rounds}. {race.about}\n\n{table}\n\nGoal: {race.goal}.\n"
    )


def _once(race: Race, laps: list[Lap]) -> str:
    heads = f"|  | processor time | time / time of {race.against} | peak memory (when it began) |"
    rows = [
        f"| {lap.name} | {lap.seconds:.3g} s | {lap.ratio:.2f} | {lap.peak_mb:,.0f} MB "
        f"({lap.waiting_mb:,.0f} MB) |"
        for lap in laps
    ]
    return "\n".join([heads, "| --- | ---: | ---: | ---: |", *rows])


def _in_rounds(race: Race, laps: list[Lap], amount: float, unit: str) -> str:
    heads = (
        f"|  | median | time / time of {race.against} | million {unit} a second "
        "| peak memory (when it began) |"
    )
    rows = [
        f"| {lap.name} | {lap.seconds:.3g} s | {lap.ratio:.2f} ({lap.ratio_from:.2f} to {lap.ratio_to:.2f}) "
        f"| {amount / lap.seconds / 1e6:.3g} | {lap.peak_mb:,.0f} MB ({lap.waiting_mb:,.0f} MB) |"
        for lap in laps
    ]
    return "\n".join([heads, "| --- | ---: | ---: | ---: | ---: |", *rows])


def with_section(page: str, sections: list[str]) -> str:
    """The page with what was measured between its markers."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    machine = f"Python {platform.python_version()}, {cpu_count()} processors, {versions}."
    head, rest = page.split(BEGIN, 1)
    written = "\n\n".join([machine, *(one.strip() for one in sections)])
    return f"{head}{BEGIN}\n\n{written}\n\n{END}{rest.split(END, 1)[1]}"


def with_one_section(page: str, section: str) -> str:
    r"""The page with one section in the place of the earlier one of the same name, or as the last.

    >>> page = f"{BEGIN}\n\n## A\n\nold\n\n## B\n\nkept\n\n{END}"
    >>> with_one_section(page, "## A\n\nnew").split(END)[0].split(BEGIN)[1].split()
    ['##', 'A', 'new', '##', 'B', 'kept']
    """
    head, rest = page.split(BEGIN, 1)
    written, tail = rest.split(END, 1)
    first, *sections = written.strip().split("\n## ")
    if first.startswith("## "):
        first, sections = "", [first.removeprefix("## "), *sections]
    named = {one.splitlines()[0]: one.strip() for one in sections}
    new = section.strip().removeprefix("## ")
    named[new.splitlines()[0]] = new
    parts = [first.strip(), *(f"## {one}" for one in named.values())]
    return f"{head}{BEGIN}\n\n" + "\n\n".join(part for part in parts if part) + f"\n\n{END}{tail}"


if __name__ == "__main__":
    main()
