"""Named scenarios: versions that never change, made from scratch or by a patch."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.body import json_body
from servicepolicy_api.cursor import cursor, position
from servicepolicy_api.headers import etag, meant_version
from servicepolicy_api.naming import LONGEST_NAME, NAME_PATTERN, in_kept_form
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import PATCH_BODY, SCENARIO_BODY, problems
from servicepolicy_api.question import read_json_scenario
from servicepolicy_api.run_request import json_object, scenario_at
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.noun import Noun
from servicepolicy_store import scenarios
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import VersionMoved
from servicepolicy_store.scenarios import Parent, Version

router = APIRouter(prefix="/v1/scenarios", tags=["scenarios"], dependencies=[Depends(known)])
ScenarioName = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME, pattern=NAME_PATTERN)]
Note = Annotated[str, Query(max_length=1_000, description="Why this version was made.")]

NewName = Annotated[
    str | None, Query(max_length=LONGEST_NAME, pattern=NAME_PATTERN, description="Keep it under a new name.")
]


class VersionView(Noun):
    """One version of a named scenario."""

    name: str
    version: int
    sha256: str
    parent_name: str | None = None
    parent_version: int | None = None
    patch: dict[str, Any] | None = None
    """JSON merge patch that made it of its parent."""
    note: str = ""
    created_at: datetime
    scenario: dict[str, Any] | None = None
    """The whole scenario, with all defaults."""


class VersionList(Noun):
    """Versions, and the cursor of the next page."""

    scenarios: tuple[VersionView, ...]
    next: str | None = None


@router.get("", responses=problems(400, 401, 422, 503))
def listed(
    memory: MemoryOf,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor_: Annotated[str | None, Query(alias="cursor", max_length=1_000)] = None,
) -> VersionList:
    """List the names, each with its newest version."""
    after = position(cursor_)
    with memory.database.reading() as tx:
        found, has_more = scenarios.heads(tx, after, limit)
    following = cursor(found[-1].name) if has_more else None
    return VersionList(scenarios=tuple(map(_view, found)), next=following)


@router.get("/{name}", responses=problems(401, 404, 503))
def one(
    name: ScenarioName,
    response: Response,
    memory: MemoryOf,
    version: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None,
) -> VersionView:
    """Give a scenario: its newest version, or the one asked for. Its ETag is what a change must name."""
    with memory.database.reading() as tx:
        found = scenarios.version(tx, name, version)
        document = scenarios.document(tx, found.sha256)
    response.headers["ETag"] = etag(found.version)
    return _view(found, document)


@router.get("/{name}/versions", responses=problems(401, 404, 503))
def versions(name: ScenarioName, memory: MemoryOf) -> VersionList:
    """List the versions of a name, the newest first, with what each was made of."""
    with memory.database.reading() as tx:
        scenarios.version(tx, name)
        found = scenarios.versions(tx, name)
    return VersionList(scenarios=tuple(map(_view, found)))


@router.put(
    "/{name}",
    responses={201: {"model": VersionView}, **problems(400, 401, 409, 412, 413, 415, 422, 428, 503)},
    openapi_extra=SCENARIO_BODY,
)
def put(
    name: ScenarioName,
    request: Request,
    body: Annotated[bytes, Depends(json_body)],
    memory: MemoryOf,
    note: Note = "",
) -> Response:
    """Keep a scenario under a name: a new name with `If-None-Match: *`, a new version with `If-Match`."""
    meant, scenario = meant_version(request), read_json_scenario(body)
    kept = in_kept_form(scenario, memory, request.app.state.settings)

    def write(tx: Transaction) -> Answered:
        return made_version(scenarios.add_version(tx, name, kept, meant, note, None))

    return once(memory, request, body, write)


@router.patch(
    "/{name}",
    responses={201: {"model": VersionView}, **problems(400, 401, 404, 409, 412, 413, 415, 422, 428, 503)},
    openapi_extra=PATCH_BODY,
)
def patch(
    name: ScenarioName,
    request: Request,
    body: Annotated[bytes, Depends(json_body)],
    memory: MemoryOf,
    note: Note = "",
    to: NewName = None,
) -> Response:
    """Make a version by a JSON merge patch (RFC 7396) on the version that `If-Match` names."""
    meant, change = meant_version(request), json_object(body)
    with memory.database.reading() as tx:
        base = scenarios.version(tx, name, meant)
        if meant is None and to is None:
            # `If-None-Match: *` asks for a name that is new, and this one is there.
            raise VersionMoved
        document = orjson.loads(scenarios.document(tx, base.sha256))
    kept = in_kept_form(scenario_at("", merged(document, change)), memory, request.app.state.settings)
    parent = Parent(base.name, base.version, orjson.dumps(change).decode())

    def write(tx: Transaction) -> Answered:
        expected = base.version if to is None else None
        return made_version(scenarios.add_version(tx, to or name, kept, expected, note, parent))

    return once(memory, request, body, write)


def made_version(made: Version) -> Answered:
    """What the making of a version answers."""
    headers = {"ETag": etag(made.version), "Location": f"/v1/scenarios/{made.name}?version={made.version}"}
    return Answered(201, _view(made), headers)


def _view(found: Version, document: str | None = None) -> VersionView:
    return VersionView(
        name=found.name,
        version=found.version,
        sha256=found.sha256,
        parent_name=found.parent_name,
        parent_version=found.parent_version,
        patch=None if found.patch is None else orjson.loads(found.patch),
        note=found.note,
        created_at=found.created_at,
        scenario=None if document is None else orjson.loads(document),
    )
