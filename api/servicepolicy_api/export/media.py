"""Tables of the answer by media type, as bytes."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from servicepolicy_api.export.policy_csv import write_rows
from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_models.policy import Policy

JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
SVG = "image/svg+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_as(media_type: str, sheet: Sheet) -> bytes:
    """A table in one of the three forms for programs."""
    return FORMS[media_type](sheet)


def _json(sheet: Sheet) -> bytes:
    names = [header for header, _ in sheet.columns]
    return orjson.dumps({"rows": [dict(zip(names, row, strict=True)) for row in sheet.rows]})


def _csv(sheet: Sheet) -> bytes:
    file = StringIO(newline="")
    write_rows(sheet, csv.writer(file))
    return file.getvalue().encode()


def _parquet(sheet: Sheet) -> bytes:
    # pyarrow takes a while to load, and most requests need none of it.
    import pyarrow as pa

    from servicepolicy_api.kinds.tables import written

    texts = (Holds.TEXT, Holds.SENTENCE)
    columns = {}
    for place, (name, holds) in enumerate(sheet.columns):
        cells, kind = [row[place] for row in sheet.rows], pa.float64()
        if holds in texts:
            cells, kind = [None if cell is None else str(cell) for cell in cells], pa.string()
        columns[name] = pa.array(cells, kind)
    return written(pa.table(columns))


FORMS = {JSON: _json, CSV: _csv, PARQUET: _parquet}


def workbook(policy: Policy) -> bytes:
    """The policy as an Excel workbook."""
    from servicepolicy_api.export.policy_xlsx import write_policy_xlsx

    with TemporaryDirectory(prefix="servicepolicy-") as folder:
        path = Path(folder) / "policy.xlsx"
        write_policy_xlsx(policy, path)
        return path.read_bytes()
