"""Data sets: tables of order lines, items or customers, uploaded once and named by scenarios."""

import zipfile
from datetime import datetime
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query, Request, Response

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.cursor import cursor, position
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import UPLOAD_BODY, problems
from servicepolicy_api.problems import Problem
from servicepolicy_api.question import DATASET
from servicepolicy_api.settings import Settings
from servicepolicy_api.uploading import ENDING_OF, first_look, unpacked_bytes
from servicepolicy_models.noun import Noun
from servicepolicy_store import datasets
from servicepolicy_store.blobs import Incoming
from servicepolicy_store.database import Transaction
from servicepolicy_store.datasets import Dataset, Uploaded

router = APIRouter(prefix="/v1/datasets", tags=["data sets"], dependencies=[Depends(known)])
SPARE_ROOM = 100
"""An Excel file may unpack to so many times its size; anything beyond is no table that people wrote."""


class DatasetView(Noun):
    """An uploaded table."""

    id: str
    path: str
    """What a scenario writes as `demand.path`, `item_table` or `customer_table`."""
    title: str
    format: str
    sha256: str
    rows: int | None
    columns: tuple[str, ...]
    findings: tuple[dict[str, Any], ...] = ()
    created_at: datetime


class DatasetList(Noun):
    """A page of data sets, the newest first."""

    datasets: tuple[DatasetView, ...]
    next: str | None = None


@router.post(
    "",
    status_code=201,
    response_model=DatasetView,
    responses=problems(400, 401, 409, 413, 415, 422, 503),
    openapi_extra=UPLOAD_BODY,
)
async def upload(
    request: Request,
    memory: MemoryOf,
    title: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Upload a table as CSV, Parquet, Excel or JSON, by its media type. It never changes afterwards."""
    settings: Settings = request.app.state.settings
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    ending = ENDING_OF.get(media_type)
    if ending is None:
        accepted = ", ".join(ENDING_OF)
        detail = f"The body is {media_type or 'of no named type'}; send {accepted}."
        raise Problem(415, "body.media_type", detail, headers={"Accept": accepted})
    with memory.blobs.incoming() as coming:
        await _streamed(request, coming, settings.max_upload_bytes)
        await anyio.to_thread.run_sync(_require_modest, coming, settings.max_unpacked_bytes)
        kept = await anyio.to_thread.run_sync(coming.keep)
    path = memory.blobs.path_ending(kept.sha256, ending)
    look = await anyio.to_thread.run_sync(first_look, path, settings.memory_limit)
    if look.rows > settings.max_rows:
        detail = f"The table has {look.rows:,} rows; this service takes {settings.max_rows:,}."
        raise Problem(413, "dataset.too_many_rows", detail)
    uploaded = Uploaded(title or ending, ending, look.rows, look.columns, look.findings)

    def write(tx: Transaction) -> Answered:
        made = datasets.keep(tx, kept, uploaded)
        return Answered(201, _view(made), {"Location": f"/v1/datasets/{made.id}"})

    return await anyio.to_thread.run_sync(once, memory, request, kept.sha256.encode(), write)


@router.get("", responses=problems(400, 401, 422, 503))
def listed(
    memory: MemoryOf,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor_: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> DatasetList:
    """List data sets, the newest first."""
    before = position(cursor_)
    with memory.database.reading() as tx:
        found, has_more = datasets.page(tx, before, limit)
    return DatasetList(datasets=tuple(map(_view, found)), next=cursor(found[-1].id) if has_more else None)


@router.get("/{dataset_id}", responses=problems(401, 404, 503))
def one(dataset_id: str, memory: MemoryOf) -> DatasetView:
    """Look at a data set."""
    with memory.database.reading() as tx:
        return _view(datasets.get(tx, dataset_id))


async def _streamed(request: Request, coming: Incoming, most_bytes: int) -> None:
    too_large = Problem(413, "body.too_large", f"The file is larger than {most_bytes:,} bytes.")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most_bytes:
        raise too_large
    async for chunk in request.stream():
        if coming.bytes + len(chunk) > most_bytes:
            raise too_large
        await anyio.to_thread.run_sync(coming.write, chunk)
    await anyio.to_thread.run_sync(coming.flush)


def _require_modest(coming: Incoming, most_bytes: int) -> None:
    """Raises Problem 413 for a packed file that unpacks to more than anybody can want."""
    if not zipfile.is_zipfile(coming.path):
        return
    most = min(most_bytes, max(coming.bytes, 100_000) * SPARE_ROOM)
    if unpacked_bytes(coming.path, most) > most:
        raise Problem(413, "body.unpacks_too_large", f"The file unpacks to more than {most:,} bytes.")


def _view(found: Dataset) -> DatasetView:
    return DatasetView(
        id=found.id,
        path=f"{DATASET}{found.id}",
        title=found.title,
        format=found.format,
        sha256=found.blob,
        rows=found.rows,
        columns=tuple(found.columns),
        findings=tuple(found.findings),
        created_at=found.created_at,
    )
