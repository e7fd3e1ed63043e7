"""Scenarios looked at, and ready-made ones."""

from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Path, Request, Response

from servicepolicy_api.access import known
from servicepolicy_api.body import json_body
from servicepolicy_api.examples import runnable_examples
from servicepolicy_api.known_bodies import OVERHEAD_BYTES, KnownBodies, digest
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import SCENARIO_BODY, problems
from servicepolicy_api.problems import Problem
from servicepolicy_api.review import Review, review, review_at_once
from servicepolicy_api.tickets import ticket_of

router = APIRouter(prefix="/v1", tags=["scenarios"])


@router.post(
    "/scenarios:validate",
    response_model=Review,
    responses=problems(400, 401, 409, 413, 415, 503),
    dependencies=[Depends(known)],
    openapi_extra=SCENARIO_BODY,
)
async def validate(request: Request) -> Response:
    """Say everything that is wrong with a scenario, what was left to its defaults, and how large it is."""
    body, bodies = await json_body(request), bodies_of(request)
    has_ticket, key = ticket_of(request, body) is not None, digest("validate", body)
    said = None if has_ticket or key is None else bodies.reviews.get(key)
    if said is not None:
        return Response(said, media_type="application/json")
    # A thread that works holds up others for as long as this takes, and is dearer.
    found = review_at_once(body)
    if found is None:
        found = await anyio.to_thread.run_sync(review, body)
    if [finding.rule for finding in found.findings] == ["json.syntax"]:
        raise Problem(400, "body.not_json", "The body is not JSON.", found.findings)
    if has_ticket:
        return await anyio.to_thread.run_sync(
            once, request.app.state.memory, request, body, lambda _: Answered(200, found)
        )
    said = found.model_dump_json().encode()
    if key is not None:
        bodies.reviews.keep(key, said, len(said) + OVERHEAD_BYTES)
    return Response(said, media_type="application/json")


def bodies_of(request: Request) -> KnownBodies:
    """What this application knows by its digest."""
    bodies: KnownBodies = request.app.state.bodies
    return bodies


@router.get("/examples")
def names() -> list[str]:
    """List the ready-made scenarios that run as they stand."""
    return sorted(runnable_examples())


@router.get("/examples/{name}", responses=problems(404), response_class=Response)
def example(name: Annotated[str, Path(max_length=120, examples=["spare-parts"])]) -> Response:
    """Give a ready-made scenario: a request body for /v1/solve."""
    document = runnable_examples().get(name)
    if document is None:
        raise Problem(404, "example.unknown", "There is no example of that name; see /v1/examples.")
    return Response(document, media_type="application/json")
