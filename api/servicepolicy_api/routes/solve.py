"""A scenario in, a policy out: the short road on the same runs."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query, Request, Response

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.asking import Asker, Prepared, Wish, answered_before, ask_prepared, prepared
from servicepolicy_api.awaiting import final
from servicepolicy_api.body import json_body
from servicepolicy_api.known_bodies import OVERHEAD_BYTES, KnownBodies, answer_key
from servicepolicy_api.memory import Memory
from servicepolicy_api.openapi import SCENARIO_BODY, problems
from servicepolicy_api.pace import paced
from servicepolicy_api.problems import Problem, problem_again
from servicepolicy_api.question import read_json_scenario
from servicepolicy_api.run_answers import policy_json
from servicepolicy_api.settings import Settings
from servicepolicy_api.tickets import asker_of
from servicepolicy_models.policy import Policy
from servicepolicy_store import runs
from servicepolicy_store.run_noun import Run, State

router = APIRouter(prefix="/v1", tags=["solve"], dependencies=[Depends(known)])
GRACE_SECONDS = 2.0
"""Beyond its deadline a run may take so long to be stopped and written down."""
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"model": Policy, "description": "The policy. Infeasible is an answer too: see proof.held."},
    **problems(400, 401, 408, 409, 413, 415, 422, 429, 500, 503),
}


@router.post(
    "/solve",
    responses=ANSWER,
    response_class=Response,
    dependencies=[Depends(paced)],
    openapi_extra=SCENARIO_BODY,
)
async def solve(
    request: Request,
    body: Annotated[bytes, Depends(json_body)],
    memory: MemoryOf,
    items: Annotated[bool, Query(description="Whether the answer holds a row for every item.")] = True,
    deadline_seconds: Annotated[
        float | None, Query(gt=0, le=86_400, description="The answer comes in this time: what is held then.")
    ] = None,
) -> Response:
    """Find the cheapest policy that keeps every promise of a scenario.

    With a deadline: what is held then, with its proof. That is the optimum; the best found, with its gap; or
    a first policy, costed and audited, with the finding `limits.first_policy`. Where the time was too short
    for any, `proof.held` is `nothing`, and findings and baselines say why and what is known.
    """
    settings: Settings = request.app.state.settings
    seconds = min(deadline_seconds or settings.solve_seconds, settings.solve_seconds)
    asker, bodies = asker_of(request, body), request.app.state.bodies
    run = await anyio.to_thread.run_sync(_asked, memory, settings, bodies, body, seconds, asker)
    run = await final(memory, run, seconds + GRACE_SECONDS, request.is_disconnected)
    if not run.state.is_final:
        run = await _overdue(memory, run, request, asker)
    if run.state is State.FAILED and run.problem is not None:
        raise problem_again(run.problem)
    answer = await _policy(memory, bodies, run, items)
    return Response(answer, media_type="application/json", headers={"Location": f"/v1/runs/{run.id}"})


def _asked(
    memory: Memory, settings: Settings, bodies: KnownBodies, body: bytes, seconds: float, asker: Asker
) -> Run:
    def read() -> Wish:
        return Wish("solve", read_json_scenario(body))

    def write(one: Prepared) -> Run:
        earlier = None if asker.ticket is not None else answered_before(memory, one)
        if earlier is not None:
            return earlier
        most_waiting = settings.concurrent_solves + settings.waiting_solves
        return ask_prepared(memory, settings, replace(one, deadline_seconds=seconds), asker, most_waiting)

    return bodies.asked("solve", body, read, partial(prepared, memory, settings), write)


async def _policy(memory: Memory, bodies: KnownBodies, run: Run, items: bool) -> bytes:
    """The policy of a run that has ended, which never changes."""
    key = answer_key(run, items)
    answer = bodies.answers.get(key)
    if answer is None:
        answer = await anyio.to_thread.run_sync(policy_json, memory, run, items)
        bodies.answers.keep(key, answer, len(answer) + OVERHEAD_BYTES)
    return answer


async def _overdue(memory: Memory, run: Run, request: Request, asker: Asker) -> Run:
    """The client left, or a worker did not stop in time: of no use, unless it may be asked again."""

    def cancel() -> Run:
        with memory.database.writing() as tx:
            return runs.ask_to_cancel(tx, run.id)

    if await request.is_disconnected():
        if asker.ticket is None:
            await anyio.to_thread.run_sync(cancel)
        raise Problem(408, "client.left", "The client left before the answer.")
    await anyio.to_thread.run_sync(cancel)
    later = {"Retry-After": "10", "Location": f"/v1/runs/{run.id}"}
    raise Problem(503, "solve.overdue", "The run was not stopped in time.", headers=later)
