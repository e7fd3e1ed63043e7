"""The policy as an Excel workbook for people: one sheet a subject, values only."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import xlsxwriter

from servicepolicy_api.export.overall_sheets import (
    costs_sheet,
    findings_sheet,
    proof_sheet,
    summary_sheet,
    uses_sheet,
)
from servicepolicy_api.export.segment_sheets import evidence_sheet, matrix_sheet, segments_sheet
from servicepolicy_api.export.sheet import Cell, Holds, Sheet
from servicepolicy_api.export.stock_sheets import item_classes_sheet, items_sheet
from servicepolicy_api.files import whole_file
from servicepolicy_models.policy import Policy

MOST_ROWS = 1_048_575
"""Rows below the header that Excel can hold on one sheet."""
LONGEST_TEXT = 32_767
"""Characters that Excel can hold in one cell."""
SHEETS = (
    summary_sheet, segments_sheet, matrix_sheet, evidence_sheet, costs_sheet, item_classes_sheet, items_sheet,
    uses_sheet, findings_sheet, proof_sheet,
)  # fmt: skip
# An item code `=1+1` or `http://x` is a text: nothing in the workbook is live.
DEAD = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}


def write_policy_xlsx(policy: Policy, path: Path) -> None:
    """Write the workbook; the file appears complete or not at all."""
    write_workbook((make(policy) for make in SHEETS), path)


def write_workbook(sheets: Iterable[Sheet], path: Path) -> None:
    """Write tables as one workbook; the file appears complete or not at all."""
    with whole_file(path) as part, xlsxwriter.Workbook(part, DEAD) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {holds: workbook.add_format({"num_format": holds.excel_format}) for holds in Holds}
        formats[Holds.SENTENCE].set_text_wrap()
        for table in sheets:
            for sheet in pages(table):
                _write(workbook, sheet, bold, formats)


def pages(sheet: Sheet, most_rows: int = MOST_ROWS) -> Iterator[Sheet]:
    """Cut a table that is too long for one Excel sheet into several."""
    starts = range(0, max(len(sheet.rows), 1), most_rows)
    for number, start in enumerate(starts, start=1):
        title = sheet.title if len(starts) == 1 else f"{sheet.title} {number}"
        yield replace(sheet, title=title, rows=sheet.rows[start : start + most_rows])


def _write(
    workbook: xlsxwriter.Workbook,
    sheet: Sheet,
    bold: xlsxwriter.format.Format,
    formats: dict[Holds, xlsxwriter.format.Format],
) -> None:
    page = workbook.add_worksheet(sheet.title)
    page.freeze_panes(1, sheet.frozen_columns)
    for column, (header, holds) in enumerate(sheet.columns):
        page.set_column(column, column, max(holds.width_characters, min(len(header), 24)))
        page.write_string(0, column, header, bold)
    for row, cells in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(cells):
            _write_cell(page, row, column, cell, formats[sheet.columns[column][1]])
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, how: xlsxwriter.format.Format
) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_string(row, column, "yes" if cell else "no", how)
    elif isinstance(cell, str):
        page.write_string(row, column, cell[:LONGEST_TEXT], how)
    else:
        page.write_number(row, column, cell, how)
