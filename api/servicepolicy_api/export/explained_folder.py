"""An explanation as files in one folder: the whole as JSON, its tables as CSV, its pictures as SVG."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.sheet import Sheet
from servicepolicy_api.files import whole_file, writable_folder


def write_explained(
    answer: BaseModel, stem: str, tables: Sequence[Sheet], pictures: Mapping[str, str], folder: Path
) -> tuple[Path, ...]:
    """Write `<stem>.json`, `<stem>-<table>.csv` and the pictures; return their paths.

    Raises FileRejected when the folder cannot be written to.
    """
    writable_folder(folder)
    written = [folder / f"{stem}.json"]
    _write(written[0], answer.model_dump_json(indent=2) + "\n")
    for table in tables:
        written.append(folder / f"{stem}-{table.title}.csv")
        write_csv(table, written[-1])
    for name, picture in pictures.items():
        written.append(folder / f"{stem}-{name}.svg")
        _write(written[-1], picture)
    return tuple(written)


def _write(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
