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


def table_as(media_type: str, path: Path) -> bytes:
    """A table that is kept as Parquet, as CSV or JSON; what is not a plain cell stands as JSON in CSV."""
    from servicepolicy_api.kinds.tables import rows_of_parquet

    rows = rows_of_parquet(path)
    if media_type == JSON:
        return orjson.dumps({"rows": rows}, default=str)
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(rows[0] if rows else ())
    for row in rows:
        writer.writerow([_plain(cell) for cell in row.values()])
    return file.getvalue().encode()


def _plain(cell: object) -> object:
    return orjson.dumps(cell).decode() if isinstance(cell, list | dict) else cell


FORMS = {JSON: _json, CSV: _csv, PARQUET: _parquet}


def workbook(policy: Policy) -> bytes:
    """The policy as an Excel workbook."""
    from servicepolicy_api.export.policy_xlsx import write_policy_xlsx

    with TemporaryDirectory(prefix="servicepolicy-") as folder:
        path = Path(folder) / "policy.xlsx"
        write_policy_xlsx(policy, path)
        return path.read_bytes()
