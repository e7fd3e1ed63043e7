"""What a run found: policy, items, other tables, workbook, events, log."""

from collections.abc import AsyncIterable
from typing import Annotated, Any

import anyio
import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from servicepolicy_api import sweeping
from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.awaiting import latest
from servicepolicy_api.export.erp_sheets import SHEET_OF, ErpForm
from servicepolicy_api.export.media import CSV, JSON, PARQUET, XLSX, sheet_as, table_as, workbook
from servicepolicy_api.export.segment_sheets import segments_sheet
from servicepolicy_api.export.stock_sheets import items_sheet
from servicepolicy_api.headers import wanted
from servicepolicy_api.memory import Memory
from servicepolicy_api.openapi import problems
from servicepolicy_api.routes.runs import RunOf
from servicepolicy_api.run_answers import found, policy, policy_json, table_path
from servicepolicy_models.noun import Noun
from servicepolicy_models.policy import Policy
from servicepolicy_store.events import Event, events_after
from servicepolicy_store.results import result_names
from servicepolicy_store.run_noun import Run

router = APIRouter(prefix="/v1/runs", tags=["runs"], dependencies=[Depends(known)])
TABLES = (JSON, CSV, PARQUET)
LOOK_SECONDS = 0.2
QUIET_SECONDS = 15.0
"""After so long without news a comment is sent, so that nobody between us hangs up."""
TABLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "As JSON, CSV or Parquet, by `Accept`.",
        "content": {JSON: {}, CSV: {}, PARQUET: {}},
    },
    **problems(401, 404, 406, 409, 503),
}


WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"description": "An Excel workbook.", "content": {XLSX: {}}}, **problems(401, 404, 409, 422, 503),
}  # fmt: skip
LOG: dict[int | str, dict[str, Any]] = {
    200: {"description": "A line for everything that happened.", "content": {"text/plain": {}}},
    **problems(401, 404, 422, 503),
}
RESULT: dict[int | str, dict[str, Any]] = {
    200: {"description": "A document, or a table.", "content": {JSON: {}, PARQUET: {}, CSV: {}}},
    **problems(401, 404, 406, 409, 422, 503),
}
CSV_ONLY: dict[int | str, dict[str, Any]] = {
    200: {"description": "As CSV.", "content": {CSV: {}}},
    **problems(401, 404, 409, 422, 503),
}
Form = Annotated[ErpForm, Query(description="For which system.")]


class ResultView(Noun):
    """One result."""

    name: str
    rows: int | None
    """Of a table; null: a document."""


class ResultList(Noun):
    """What a run found."""

    results: tuple[ResultView, ...]


POLICY = TABLE | {200: TABLE[200] | {"model": Policy}}


@router.get("/{run_id}/policy", responses=POLICY, response_class=Response)
def policy_of(run: RunOf, request: Request, memory: MemoryOf, items: bool = True) -> Response:
    """Give the policy: as JSON all of it, as CSV or Parquet its segments."""
    media_type = wanted(request, TABLES)
    if media_type == JSON:
        return Response(policy_json(memory, run, items), media_type=JSON)
    return Response(sheet_as(media_type, segments_sheet(policy(memory, run))), media_type=media_type)


@router.get("/{run_id}/items", responses=TABLE, response_class=Response)
def items_of(run: RunOf, request: Request, memory: MemoryOf) -> Response:
    """Give the item rows: reorder points, order quantities, reserve levels."""
    media_type = wanted(request, TABLES)
    return Response(sheet_as(media_type, items_sheet(policy(memory, run))), media_type=media_type)


@router.get("/{run_id}/item-parameters", responses=CSV_ONLY, response_class=Response)
def item_parameters_of(run: RunOf, memory: MemoryOf, form: Form = ErpForm.PLAIN) -> Response:
    """Give the item parameters as a CSV file for an ERP system."""
    return Response(sheet_as(CSV, SHEET_OF[form](policy(memory, run))), media_type=CSV)


@router.get("/{run_id}/results", responses=problems(401, 404, 503))
def results_of(run: RunOf, memory: MemoryOf) -> ResultList:
    """List what a run found, by name."""
    with memory.database.reading() as tx:
        found = result_names(tx, run)
        if run.kind == sweeping.KIND:
            found = [*found, (sweeping.ROWS, None)]
    return ResultList(results=tuple(ResultView(name=name, rows=rows) for name, rows in found))


@router.get("/{run_id}/results/{name}", responses=RESULT, response_class=Response)
def result_of(run: RunOf, name: str, request: Request, memory: MemoryOf) -> Response:
    """Give any result by its name: a document as JSON, a table as Parquet, CSV or JSON.

    The rows of a sweep, those that are there so far, come as any of the three.
    """
    path = table_path(memory, run, name) if run.state.is_final else None
    if path is not None:
        media_type = wanted(request, (PARQUET, CSV, JSON))
        if media_type == PARQUET:
            return FileResponse(path, media_type=PARQUET)
        return Response(table_as(media_type, path), media_type=media_type)
    is_sweep = (run.kind, name) == (sweeping.KIND, sweeping.ROWS)
    media_type = wanted(request, (JSON, CSV, PARQUET) if is_sweep else (JSON,))
    document = found(memory, run, name).document
    if media_type != JSON:
        sheet = sweeping.rows_sheet(orjson.loads(document or "[]"))
        return Response(sheet_as(media_type, sheet), media_type=media_type)
    return Response(document, media_type=JSON)


@router.get("/{run_id}/export.xlsx", responses=WORKBOOK, response_class=Response)
def workbook_of(run: RunOf, memory: MemoryOf) -> Response:
    """Give the policy as an Excel workbook."""
    named = {"Content-Disposition": f'attachment; filename="policy-{run.id}.xlsx"'}
    return Response(workbook(policy(memory, run)), media_type=XLSX, headers=named)


@router.get("/{run_id}/log", responses=LOG, response_class=Response)
def log_of(run: RunOf, memory: MemoryOf) -> Response:
    """Give what happened, a line each."""
    with memory.database.reading() as tx:
        events = events_after(tx, run.id, 0, most=10_000)
    lines = (f"{one.at.isoformat(timespec='milliseconds')} {one.kind} {_words(one)}\n" for one in events)
    return Response("".join(lines), media_type="text/plain; charset=utf-8")


@router.get("/{run_id}/events", responses=problems(401, 404, 503), response_class=EventSourceResponse)
async def events_of(
    run: RunOf,
    memory: MemoryOf,
    last_event_id: Annotated[str | None, Header(max_length=9)] = None,
    after: Annotated[int, Query(ge=0, le=2_147_483_647, description="As Last-Event-ID.")] = 0,
) -> AsyncIterable[ServerSentEvent]:
    """Follow a run as server-sent events; whoever comes back with Last-Event-ID misses nothing."""
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
    quiet = 0.0
    while True:
        now, events = await anyio.to_thread.run_sync(_news, memory, run.id, seen)
        for one in events:
            seen = one.number
            data = {**one.data, "at": one.at.isoformat()}
            yield ServerSentEvent(id=str(one.number), event=one.kind, data=data)
        if now.state.is_final and seen >= now.last_event:
            return
        quiet = 0.0 if events else quiet + LOOK_SECONDS
        if quiet > QUIET_SECONDS:
            quiet = 0.0
            yield ServerSentEvent(comment="still here")
        await anyio.sleep(LOOK_SECONDS)


def _news(memory: Memory, run_id: str, seen: int) -> tuple[Run, list[Event]]:
    with memory.database.reading() as tx:
        events = events_after(tx, run_id, seen)
    return latest(memory, run_id), events


def _words(event: Event) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(event.data.items()))
