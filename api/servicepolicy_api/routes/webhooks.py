"""Webhooks: who is told when a run ends."""

import secrets
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from servicepolicy_api.access import MemoryOf, known
from servicepolicy_api.body import json_body
from servicepolicy_api.once import Answered, once
from servicepolicy_api.openapi import WEBHOOK_BODY, problems
from servicepolicy_api.problems import Problem
from servicepolicy_api.run_request import json_object, read_noun
from servicepolicy_api.settings import Settings
from servicepolicy_api.webhooks.addresses import complaint
from servicepolicy_api.webhooks.asked import NewWebhook
from servicepolicy_api.webhooks.sending import shown
from servicepolicy_models.noun import Noun
from servicepolicy_store import webhooks
from servicepolicy_store.database import Transaction

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], dependencies=[Depends(known)])
WebhookId = Annotated[str, Path(max_length=36)]
SECRET_BYTES = 32


class WebhookView(Noun):
    """Where the end of runs is told."""

    id: str
    url: str
    events: tuple[str, ...]
    created_at: datetime
    secret: str | None = None
    """Verifies the signatures (Standard Webhooks); told once, when the webhook is made."""


class WebhookList(Noun):
    """All webhooks in use."""

    webhooks: tuple[WebhookView, ...]


class DeliveryView(Noun):
    """One telling of one run."""

    id: str
    """As the header `webhook-id` says it."""
    run: str
    state: str
    """waiting, delivered or failed."""
    attempt: int
    due_at: datetime
    last_status: int | None


class DeliveryList(Noun):
    """What was told, the newest first."""

    deliveries: tuple[DeliveryView, ...]


@router.post(
    "",
    status_code=201,
    response_model=WebhookView,
    responses=problems(400, 401, 409, 413, 415, 422, 503),
    openapi_extra=WEBHOOK_BODY,
)
def create(request: Request, body: Annotated[bytes, Depends(json_body)], memory: MemoryOf) -> Response:
    """Have the end of runs told to an address, signed (Standard Webhooks) and tried again for a day."""
    asked = read_noun(NewWebhook, json_object(body))
    settings: Settings = request.app.state.settings
    finding = complaint(asked.url, settings.webhooks_to_loopback)
    if finding is not None:
        raise Problem(422, "webhook.refused", "This address is not sent to.", [finding])
    secret = secrets.token_bytes(SECRET_BYTES)

    def write(tx: Transaction) -> Answered:
        made = webhooks.add(tx, asked.url, secret, asked.events)
        view = _view(made).model_copy(update={"secret": shown(secret)})
        return Answered(201, view, {"Location": f"/v1/webhooks/{made.id}"})

    return once(memory, request, body, write)


@router.get("", responses=problems(401, 503))
def listed(memory: MemoryOf) -> WebhookList:
    """List the webhooks in use."""
    with memory.database.reading() as tx:
        return WebhookList(webhooks=tuple(map(_view, webhooks.in_use(tx))))


@router.delete("/{webhook_id}", status_code=204, responses=problems(401, 404, 503))
def end(webhook_id: WebhookId, memory: MemoryOf) -> None:
    """Tell it nothing more."""
    with memory.database.writing() as tx:
        webhooks.end(tx, webhook_id)


@router.get("/{webhook_id}/deliveries", responses=problems(401, 404, 503))
def deliveries(webhook_id: WebhookId, memory: MemoryOf) -> DeliveryList:
    """List what was told, the newest 100, and how it went."""
    with memory.database.reading() as tx:
        found = webhooks.deliveries(tx, webhook_id)
    return DeliveryList(
        deliveries=tuple(
            DeliveryView(
                id=one.id,
                run=one.run_id,
                state=one.state,
                attempt=one.attempt,
                due_at=one.due_at,
                last_status=one.last_status,
            )
            for one in found
        )
    )


def _view(found: webhooks.Webhook) -> WebhookView:
    return WebhookView(id=found.id, url=found.url, events=found.events, created_at=found.created_at)
