"""Questions that explain, each by a route of its own, and their answers as tables and pictures."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.body import json_body
from servicepolicy_api.export.media import SVG, sheet_as
from servicepolicy_api.headers import wanted
from servicepolicy_api.kinds import KINDS
from servicepolicy_api.memory import Memory
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import APPLY_BODY, ASKED_BY_ROUTE, body_noun, problems
from servicepolicy_api.pace import paced
from servicepolicy_api.problems import Problem
from servicepolicy_api.repairing import ApplyRepair, keeps_child
from servicepolicy_api.routes.named_scenarios import VersionView, made_version
from servicepolicy_api.routes.run_answers import TABLE, TABLES
from servicepolicy_api.routes.runs import TICKET, RunOf, asked, told
from servicepolicy_api.run_answers import found
from servicepolicy_api.run_request import json_object, read_noun
from servicepolicy_api.run_view import RunView
from servicepolicy_store.database import Transaction
from servicepolicy_store.run_noun import Run

if TYPE_CHECKING:
    from servicepolicy_api.export.explained import Explained

router = APIRouter(prefix="/v1", tags=["explanations"], dependencies=[Depends(known)])
RESPONSES: dict[int | str, dict[str, Any]] = {
    **TICKET, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)
}  # fmt: skip
ResultName = Annotated[str, Path(max_length=40)]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A picture.", "content": {SVG: {}}}, **problems(401, 404, 406, 409, 503)
}  # fmt: skip


def _add(name: str) -> None:
    kind = KINDS[name]

    async def create(
        request: Request, response: Response, body: Annotated[bytes, Depends(json_body)], memory: MemoryOf
    ) -> RunView:
        run = await asked(request, body, memory, name)
        return await told(request, response, memory, run)

    router.add_api_route(
        f"/{kind.route}",
        create,
        methods=["POST"],
        name=name,
        operation_id=f"ask_{name}",
        summary=kind.sentence,
        description=f"`POST /v1/runs` with `kind` {name!r}.",
        responses=RESPONSES,
        dependencies=[Depends(paced)],
        openapi_extra=body_noun(ASKED_BY_ROUTE[name]),
    )


@router.get("/runs/{run_id}/tables/{name}", responses=TABLE, response_class=Response)
def table_of(run: RunOf, name: ResultName, request: Request, memory: MemoryOf) -> Response:
    """Give a table of an answer that explains, such as `bridge` of a comparison."""
    media_type = wanted(request, TABLES)
    told, answer = _explained(memory, run)
    table = next((one for one in told.tables(answer) if one.title == name), None)
    if table is None:
        raise Problem(404, "run.no_result", f"The run holds no table {name}.")
    return Response(sheet_as(media_type, table), media_type=media_type)


@router.get("/runs/{run_id}/pictures/{name}", responses=PICTURE, response_class=Response)
def picture_of(run: RunOf, name: ResultName, request: Request, memory: MemoryOf) -> Response:
    """Give a picture of an answer that explains: `frontier`, or `bridge-1` of a comparison."""
    media_type = wanted(request, (SVG,))
    told, answer = _explained(memory, run)
    drawn = told.pictures(answer).get(name)
    if drawn is None:
        raise Problem(404, "run.no_result", f"The run holds no picture {name}.")
    return Response(drawn, media_type=media_type)


def _explained(memory: Memory, run: Run) -> "tuple[Explained, BaseModel]":
    # What tells an answer takes a while to load, and most requests need none of it.
    from servicepolicy_api.export.explained import EXPLAINED

    name = KINDS[run.kind].answer
    if name not in EXPLAINED:
        raise Problem(404, "run.no_result", f"A run of kind {run.kind} explains nothing.")
    document = found(memory, run, name).document or ""
    return EXPLAINED[name], EXPLAINED[name].noun.model_validate_json(document)


@router.post(
    "/runs/{run_id}:apply-repair",
    responses={201: {"model": VersionView}, **problems(400, 401, 404, 409, 412, 413, 415, 422, 503)},
    openapi_extra=APPLY_BODY,
)
def apply_repair(
    run: RunOf, request: Request, body: Annotated[bytes, Depends(json_body)], memory: MemoryOf
) -> Response:
    """Keep the scenario that a repair makes: as the next version of the named scenario, or under a name."""
    keep = keeps_child(memory, request.app.state.settings, run, read_noun(ApplyRepair, json_object(body)))

    def write(tx: Transaction) -> Answered:
        return made_version(keep(tx))

    return once(memory, request, body, write)


for _name in ASKED_BY_ROUTE:
    _add(_name)
