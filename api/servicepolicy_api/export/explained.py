"""Answers that explain, on their way out: each as JSON, its tables as CSV, its pictures as SVG."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from servicepolicy_api.export.bridge_svg import bridge
from servicepolicy_api.export.frontier_svg import picture
from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.sheet import Sheet
from servicepolicy_api.files import whole_file, writable_folder
from servicepolicy_api.show.class_search import class_tables
from servicepolicy_api.show.comparison import comparison_tables
from servicepolicy_api.show.frontier import frontier_tables
from servicepolicy_api.show.prices import prices_tables
from servicepolicy_api.show.qualification import qualification_tables
from servicepolicy_api.show.repairs import repairs_tables
from servicepolicy_api.show.robust import robust_tables
from servicepolicy_api.show.screening import screening_tables
from servicepolicy_models.class_search import ClassSearch
from servicepolicy_models.comparison import Comparison
from servicepolicy_models.frontier import Frontier
from servicepolicy_models.futures import RobustPolicy
from servicepolicy_models.prices import Prices
from servicepolicy_models.qualification import Qualification
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.screening import Screening


def _none(_: Any) -> Mapping[str, str]:
    return {}


def _bridges(found: Comparison) -> Mapping[str, str]:
    return {f"bridge-{n}": bridge(one, found.currency) for n, one in enumerate(found.differences, start=1)}


@dataclass(frozen=True)
class Explained:
    """How one kind of answer is told in files."""

    noun: type[BaseModel]
    tables: Callable[[Any], Sequence[Sheet]]
    pictures: Callable[[Any], Mapping[str, str]] = _none
    """Name -> SVG."""


EXPLAINED: Mapping[str, Explained] = {
    "repairs": Explained(Repairs, repairs_tables),
    "prices": Explained(Prices, prices_tables),
    "frontier": Explained(Frontier, frontier_tables, lambda found: {"frontier": picture(found)}),
    "comparison": Explained(Comparison, comparison_tables, _bridges),
    "robust": Explained(RobustPolicy, robust_tables),
    "screening": Explained(Screening, screening_tables),
    "classes": Explained(ClassSearch, class_tables),
    "qualification": Explained(Qualification, qualification_tables),
}
"""Name of the document -> how it is told."""


def write_explained(name: str, answer: BaseModel, folder: Path) -> tuple[Path, ...]:
    """Write `<name>.json`, every table as `<name>-<table>.csv`, every picture as `<name>-<picture>.svg`.

    What is called as the document itself is not named twice. Raises FileRejected when the folder cannot be
    written to.
    """
    writable_folder(folder)
    told = EXPLAINED[name]
    written = [folder / f"{name}.json"]
    _write(written[0], answer.model_dump_json(indent=2) + "\n")
    for table in told.tables(answer):
        written.append(folder / f"{_stem(name, table.title)}.csv")
        write_csv(table, written[-1])
    for title, drawn in told.pictures(answer).items():
        written.append(folder / f"{_stem(name, title)}.svg")
        _write(written[-1], drawn)
    return tuple(written)


def _stem(name: str, title: str) -> str:
    return name if title == name else f"{name}-{title}"


def _write(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
