"""The whole backtest as files in one folder."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from servicepolicy_api.export.backtest_svg import picture
from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.policy_xlsx import write_workbook
from servicepolicy_api.export.sheet import Cell, Sheet, held_by
from servicepolicy_api.files import whole_file, writable_folder
from servicepolicy_models.backtest import (
    Backtest,
    ItemParameters,
    PeriodEvidence,
    PromiseEvidence,
    SegmentEvidence,
    ShortItem,
    ShortOrder,
    Textbook,
)

PROMISE = "promised_fill_rate"
NESTED = {"textbook", "segments", "regional_segments", "periods", "short_items", "short_orders"}


def write_backtest(found: Backtest, folder: Path) -> tuple[Path, ...]:
    """Write backtest.json, .xlsx and .svg, backtest-segments.csv and backtest-items.csv; return their paths.

    backtest-items.csv holds the reorder points from the last day on, for the ERP system. Where nothing could
    be judged, backtest.json alone says why. Raises FileRejected when the folder cannot be written to.
    """
    writable_folder(folder)
    as_json = folder / "backtest.json"
    with whole_file(as_json) as part:
        part.write_text(found.model_dump_json(indent=2, exclude={"items"}) + "\n", encoding="utf-8")
    if not found.proved:
        return (as_json,)
    names = ("backtest.xlsx", "backtest.svg", "backtest-segments.csv", "backtest-items.csv")
    as_xlsx, as_svg, segments, items = (folder / name for name in names)
    sheets = backtest_sheets(found)
    write_csv(sheets[1], segments)
    write_csv(sheets[-1], items)
    write_workbook(sheets, as_xlsx)
    with whole_file(as_svg) as part:
        part.write_text(picture(found), encoding="utf-8")
    return as_json, as_xlsx, as_svg, segments, items


def backtest_sheets(found: Backtest) -> tuple[Sheet, ...]:
    """One sheet a subject: together, segments, periods, items and orders that broke it, reorder points."""
    return (
        _together(found),
        _sheet("Segments", SegmentEvidence, [(one, _all_segments(one)) for one in found.promises]),
        _sheet("Periods", PeriodEvidence, [(one, one.periods) for one in found.promises]),
        _sheet("Short items", ShortItem, [(one, one.short_items) for one in found.promises]),
        _sheet("Short orders", ShortOrder, [(one, one.short_orders) for one in found.promises]),
        _sheet("Reorder points", ItemParameters, [(None, found.items)]),
    )


def _all_segments(one: PromiseEvidence) -> tuple[SegmentEvidence, ...]:
    return (*one.segments, *one.regional_segments)


def _together(found: Backtest) -> Sheet:
    own = [name for name in PromiseEvidence.model_fields if name not in NESTED]
    columns = [(name, held_by(PromiseEvidence, name)) for name in own]
    columns += [(f"textbook_{name}", held_by(Textbook, name)) for name in Textbook.model_fields]
    rows = [
        (
            *(getattr(one, name) for name in own),
            *(getattr(one.textbook, name) for name in Textbook.model_fields),
        )
        for one in found.promises
    ]
    return Sheet("Together", tuple(columns), rows)


def _sheet(
    title: str, noun: type[BaseModel], parts: Sequence[tuple[PromiseEvidence | None, Sequence[BaseModel]]]
) -> Sheet:
    """A row a noun; the promise it belongs to comes first where the noun does not say it."""
    fields = list(noun.model_fields)
    extra = [] if PROMISE in fields else [PROMISE]
    columns = [(name, held_by(PromiseEvidence, name)) for name in extra]
    columns += [(name, held_by(noun, name)) for name in fields]
    rows: list[tuple[Cell, ...]] = [
        (*([part.promised_fill_rate] if extra and part else []), *(getattr(one, name) for name in fields))
        for part, nouns in parts
        for one in nouns
    ]
    return Sheet(title, tuple(columns), rows)
