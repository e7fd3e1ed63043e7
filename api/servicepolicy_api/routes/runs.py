"""Runs: asked, listed, looked at, cancelled, asked again."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.convertors import register_url_convertor

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.asking import Prepared, Wish, ask, ask_prepared, cancelled, prepared
from servicepolicy_api.awaiting import final, latest
from servicepolicy_api.body import json_body
from servicepolicy_api.cursor import cursor, position
from servicepolicy_api.headers import wait_seconds
from servicepolicy_api.kinds import KINDS
from servicepolicy_api.known_bodies import KnownBodies
from servicepolicy_api.memory import Memory
from servicepolicy_api.openapi import RUN_BODY, problems
from servicepolicy_api.pace import paced
from servicepolicy_api.problems import Problem
from servicepolicy_api.run_request import wish_of
from servicepolicy_api.run_view import RunList, RunView, row_says_all, view, whole_view
from servicepolicy_api.settings import Settings
from servicepolicy_api.subjects import subject_of_run
from servicepolicy_api.tickets import asker_of, ticket_of
from servicepolicy_api.verbs import Named
from servicepolicy_store import runs
from servicepolicy_store.run_noun import Run, State

register_url_convertor("named", Named())
router = APIRouter(prefix="/v1/runs", tags=["runs"], dependencies=[Depends(known)])
RunId = Annotated[str, Path(max_length=36, examples=["01890a5d-ac96-774b-bcce-b302099a8057"])]
CANCEL_SECONDS = 1.0
TICKET: dict[int | str, dict[str, Any]] = {
    200: {"model": RunView, "description": "The run has ended; `result` is its answer."},
    202: {"model": RunView, "description": "The run is under way; ask again at `Location`."},
}


def run_of(run_id: RunId, memory: MemoryOf) -> Run:
    """The run of a path. Raises NotThere."""
    return latest(memory, run_id)


RunOf = Annotated[Run, Depends(run_of)]


@router.post(
    "",
    responses={**TICKET, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)},
    dependencies=[Depends(paced)],
    openapi_extra=RUN_BODY,
)
async def create(
    request: Request, response: Response, body: Annotated[bytes, Depends(json_body)], memory: MemoryOf
) -> RunView:
    """Ask for a run. `Prefer: wait=20` waits for its end, `Prefer: respond-async` does not."""
    run = await asked(request, body, memory)
    return await told(request, response, memory, run)


async def asked(request: Request, body: bytes, memory: Memory, route_of: str | None = None) -> Run:
    """Write down the run that a body asks for; route_of: the kind that the route means."""
    asker = asker_of(request, body)
    settings: Settings = request.app.state.settings
    bodies: KnownBodies = request.app.state.bodies

    def read() -> Wish:
        return wish_of(body, memory, route_of)

    def write(one: Prepared) -> Run:
        return ask_prepared(memory, settings, one, asker, settings.waiting_runs)

    prepare = partial(prepared, memory, settings)
    return await anyio.to_thread.run_sync(bodies.asked, route_of or "runs", body, read, prepare, write)


async def told(request: Request, response: Response, memory: Memory, run: Run) -> RunView:
    """Wait for a run as long as the client prefers, and tell it: 200 with its answer, or 202."""
    run = await final(memory, run, wait_seconds(request), request.is_disconnected)
    response.headers["Location"] = f"/v1/runs/{run.id}"
    if not run.state.is_final:
        response.status_code = 202
        response.headers["Retry-After"] = "1"
    return await looked_up(memory, run, with_result=True)


async def looked_up(memory: Memory, run: Run, with_result: bool = False) -> RunView:
    """Tell a run; only where its row does not say all, a thread asks the store for the rest."""
    if row_says_all(run, with_result):
        return view(run)
    return await anyio.to_thread.run_sync(whole_view, memory, run, with_result)


@router.get("", responses=problems(400, 401, 422, 503))
def listed(
    memory: MemoryOf,
    state: State | None = None,
    kind: Annotated[str | None, Query(max_length=40, examples=list(KINDS))] = None,
    outcome: Annotated[str | None, Query(max_length=20)] = None,
    scenario: Annotated[str | None, Query(max_length=120, description="Name of a scenario.")] = None,
    scenario_sha256: Annotated[str | None, Query(max_length=64)] = None,
    parent: Annotated[str | None, Query(max_length=36)] = None,
    points: Annotated[bool, Query(description="Whether points of sweeps are listed too.")] = True,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor_: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> RunList:
    """List runs, the newest first."""
    which = runs.Filter(state, kind, outcome, scenario, scenario_sha256, parent, points)
    before = position(cursor_)
    with memory.database.glancing() as tx:
        found, has_more = runs.page(tx, which, before, limit)
    return RunList(runs=tuple(map(view, found)), next=cursor(found[-1].id) if has_more else None)


@router.get("/{run_id:named}", responses=problems(401, 404, 503))
async def one(run: RunOf, memory: MemoryOf) -> RunView:
    """Look at a run."""
    return await looked_up(memory, run)


@router.post("/{run_id}:cancel", responses={202: TICKET[202], **problems(400, 401, 404, 409, 503)})
async def cancel(run: RunOf, request: Request, response: Response, memory: MemoryOf) -> RunView:
    """Stop a run; what it holds is kept. A run that has ended stays as it is.

    A sweep cancels its points: those that wait at once, those that run with what they hold.
    """
    ticket = ticket_of(request, b"")

    def write() -> Run:
        return cancelled(memory, run.id, ticket)

    now = await final(memory, await anyio.to_thread.run_sync(write), CANCEL_SECONDS)
    if not now.state.is_final:
        response.status_code = 202
    return await looked_up(memory, now)


@router.post(
    "/{run_id}:replay",
    responses={**TICKET, **problems(400, 401, 404, 409, 422, 429, 503)},
    dependencies=[Depends(paced)],
)
async def replay(run: RunOf, request: Request, response: Response, memory: MemoryOf) -> RunView:
    """Ask the same again, without looking at earlier answers; `replay.same` says whether it agrees."""
    asker = asker_of(request, b"")

    def write() -> Run:
        settings: Settings = request.app.state.settings
        return ask(memory, settings, _again(memory, run), asker, settings.waiting_runs)

    again = await anyio.to_thread.run_sync(write)
    return await told(request, response, memory, again)


def _again(memory: Memory, run: Run) -> Wish:
    if not run.state.is_final:
        raise Problem(409, "run.not_finished", "The run has not ended yet.", headers={"Retry-After": "1"})
    return replace(subject_of_run(memory, run).wish(run.kind, run.settings), replay_of=run.id)
