"""Data sets: tables of order lines, items or customers, uploaded once and named by scenarios."""

from datetime import datetime
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query, Request, Response

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.cursor import cursor, position
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import UPLOAD_BODY, problems
from servicepolicy_api.question import DATASET
from servicepolicy_api.receiving import ending_of, received
from servicepolicy_api.settings import Settings
from servicepolicy_models.noun import Noun
from servicepolicy_store import datasets
from servicepolicy_store.database import Transaction
from servicepolicy_store.datasets import Dataset

router = APIRouter(prefix="/v1/datasets", tags=["data sets"], dependencies=[Depends(known)])


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
    kept, uploaded = await received(request, memory, settings, ending_of(media_type), title)

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
