"""A scenario in, a policy out."""

from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Query, Request, Response

from servicepolicy_api.body import json_body
from servicepolicy_api.openapi import SCENARIO_BODY, problems
from servicepolicy_api.problems import request_id
from servicepolicy_api.question import question
from servicepolicy_api.settings import Settings
from servicepolicy_api.solving.desk import Desk
from servicepolicy_models.policy import Policy

router = APIRouter(prefix="/v1", tags=["solve"])
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"model": Policy, "description": "The policy. Infeasible is an answer too: see proof.held."},
    **problems(400, 413, 415, 422, 429, 500),
}


@router.post("/solve", responses=ANSWER, response_class=Response, openapi_extra=SCENARIO_BODY)
async def solve(
    request: Request,
    body: Annotated[bytes, Depends(json_body)],
    items: Annotated[bool, Query(description="Whether the answer holds a row for every item.")] = True,
) -> Response:
    """Find the cheapest policy that keeps every promise of a scenario."""
    settings: Settings = request.app.state.settings
    desk: Desk = request.app.state.desk
    asked = await anyio.to_thread.run_sync(question, body, settings)
    policy = await desk.solve(asked, items, request_id(request), request.is_disconnected)
    return Response(policy, media_type="application/json")
