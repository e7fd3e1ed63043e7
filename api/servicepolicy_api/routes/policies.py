"""Policies in force: published by name, and looked up per order line."""

from datetime import datetime
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.awaiting import latest
from servicepolicy_api.body import json_body
from servicepolicy_api.export.erp_sheets import SHEET_OF, ErpForm
from servicepolicy_api.export.media import CSV, sheet_as
from servicepolicy_api.headers import etag, meant_version
from servicepolicy_api.lookup import Found, Line, Lookups
from servicepolicy_api.memory import Memory
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import PUBLISH_BODY, problems
from servicepolicy_api.publishing import Publish, require_policy
from servicepolicy_api.routes.run_answers import CSV_ONLY, Form
from servicepolicy_api.run_answers import policy
from servicepolicy_api.run_request import json_object, read_noun
from servicepolicy_models.noun import Noun
from servicepolicy_store import policies
from servicepolicy_store.database import Transaction
from servicepolicy_store.policies import Published

router = APIRouter(prefix="/v1/policies", tags=["policies"], dependencies=[Depends(known)])
PolicyName = Annotated[str, Path(min_length=1, max_length=120, pattern=r"^[^/:\x00-\x1f]+$")]
Version = Annotated[int | None, Query(ge=1, le=2_147_483_647)]


class PolicyInForce(Noun):
    """One version of a published policy."""

    name: str
    version: int
    run: str
    note: str
    created_at: datetime


class PolicyList(Noun):
    """Published policies."""

    policies: tuple[PolicyInForce, ...]


@router.get("", responses=problems(401, 503))
def listed(memory: MemoryOf) -> PolicyList:
    """List the names, each with the version in force."""
    with memory.database.reading() as tx:
        return PolicyList(policies=tuple(map(_view, policies.names(tx))))


@router.put(
    "/{name}",
    responses={201: {"model": PolicyInForce}, **problems(400, 401, 404, 409, 412, 413, 415, 422, 428, 503)},
    openapi_extra=PUBLISH_BODY,
)
def publish(
    name: PolicyName, request: Request, body: Annotated[bytes, Depends(json_body)], memory: MemoryOf
) -> Response:
    """Put a run's policy in force: under a new name with `If-None-Match: *`, else with `If-Match`."""
    meant, wanted = meant_version(request), read_noun(Publish, json_object(body))
    require_policy(memory, wanted.run)

    def write(tx: Transaction) -> Answered:
        made = policies.publish(tx, name, wanted.run, wanted.note, meant)
        headers = {"ETag": etag(made.version), "Location": f"/v1/policies/{name}"}
        return Answered(201, _view(made), headers)

    return once(memory, request, body, write)


@router.get("/{name}", responses=problems(401, 404, 503))
def one(name: PolicyName, response: Response, memory: MemoryOf, version: Version = None) -> PolicyInForce:
    """Say which run's policy is in force."""
    found = _in_force(memory, name, version)
    response.headers["ETag"] = etag(found.version)
    return _view(found)


@router.get("/{name}/history", responses=problems(401, 404, 503))
def history(name: PolicyName, memory: MemoryOf) -> PolicyList:
    """List every version of a name, the newest first."""
    with memory.database.reading() as tx:
        policies.in_force(tx, name)
        return PolicyList(policies=tuple(map(_view, policies.history(tx, name))))


@router.get("/{name}/lookup", responses=problems(401, 404, 422, 503))
async def lookup(
    name: PolicyName,
    request: Request,
    response: Response,
    memory: MemoryOf,
    item: Annotated[str, Query(max_length=200)],
    customer: Annotated[str | None, Query(max_length=200)] = None,
    customer_class: Annotated[str | None, Query(max_length=120)] = None,
    region: Annotated[str | None, Query(max_length=120)] = None,
    version: Version = None,
) -> Found:
    """Say what an order line of this customer for this item is promised, and how it is served."""
    in_force = await anyio.to_thread.run_sync(_in_force, memory, name, version)
    lookups: Lookups = request.app.state.lookups
    response.headers["ETag"] = etag(in_force.version)
    line = Line(item, customer, customer_class, region)
    return (await lookups.of(memory, in_force.run_id)).find(line, in_force.version)


@router.get("/{name}/item-parameters", responses=CSV_ONLY, response_class=Response)
def item_parameters(
    name: PolicyName, memory: MemoryOf, form: Form = ErpForm.PLAIN, version: Version = None
) -> Response:
    """Give the item parameters of the policy in force as a CSV file for an ERP system."""
    found = _in_force(memory, name, version)
    sheet = SHEET_OF[form](policy(memory, latest(memory, found.run_id)))
    return Response(sheet_as(CSV, sheet), media_type=CSV, headers={"ETag": etag(found.version)})


def _in_force(memory: Memory, name: str, version: int | None) -> Published:
    with memory.database.glancing() as tx:
        return policies.in_force(tx, name, version)


def _view(found: Published) -> PolicyInForce:
    return PolicyInForce(
        name=found.name, version=found.version, run=found.run_id, note=found.note, created_at=found.created_at
    )
