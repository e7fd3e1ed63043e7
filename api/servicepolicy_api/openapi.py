"""What the OpenAPI document says beyond what FastAPI finds by itself."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from servicepolicy_api.kinds import KINDS
from servicepolicy_api.problems import MEDIA_TYPE, ProblemDetails
from servicepolicy_api.publishing import Publish
from servicepolicy_api.repairing import ApplyRepair
from servicepolicy_api.run_request import RunRequest, request_noun
from servicepolicy_api.shown import shown
from servicepolicy_api.uploading import ENDING_OF
from servicepolicy_api.webhooks.asked import NewWebhook
from servicepolicy_models.scenario import Scenario

REFERENCE = "#/components/schemas/{model}"
SCENARIO_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": REFERENCE.format(model="Scenario")}}},
    }
}
"""The routes read the body themselves, to say all that is wrong with it; the document says what it holds."""


def body_of(media_types: Mapping[str, Any]) -> dict[str, Any]:
    """What the document says of a body that a route reads itself: media type -> schema."""
    content = {media_type: {"schema": schema} for media_type, schema in media_types.items()}
    return {"requestBody": {"required": True, "content": content}}


def body_noun(noun: type[BaseModel]) -> dict[str, Any]:
    """What the document says of a JSON body that is one of our nouns."""
    return body_of({"application/json": {"$ref": REFERENCE.format(model=noun.__name__)}})


PATCH_BODY = body_of({"application/merge-patch+json": {"type": "object"}})
UPLOAD_BODY = body_of({media_type: {"type": "string", "format": "binary"} for media_type in ENDING_OF})
BODY_NOUNS: tuple[type[BaseModel], ...] = (
    Scenario, RunRequest, Publish, ApplyRepair, NewWebhook, ProblemDetails,
)  # fmt: skip
ASKED_BY_ROUTE = {name: request_noun(name) for name, kind in KINDS.items() if kind.route is not None}
"""Kind -> the body of its route."""
RUN_BODY, PUBLISH_BODY, APPLY_BODY = body_noun(RunRequest), body_noun(Publish), body_noun(ApplyRepair)
WEBHOOK_BODY = body_noun(NewWebhook)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses of a route that are problem details."""
    content = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model=ProblemDetails.__name__)}}}
    return {status: {"description": "Problem details (RFC 9457)", "content": content} for status in statuses}


def described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes the OpenAPI document of an application, with the scenario's schema and examples."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            for noun in (*BODY_NOUNS, *ASKED_BY_ROUTE.values()):
                schema = noun.model_json_schema(ref_template=REFERENCE)
                for name, inner in schema.pop("$defs", {}).items():
                    schemas.setdefault(name, inner)
                schemas.setdefault(noun.__name__, schema)
            _tell_problems(made)
            _tell_headers(made)
            _show_examples(made)
            app.openapi_schema = made
        return app.openapi_schema

    return document


HEADERS: Mapping[str, tuple[frozenset[str], dict[str, Any]]] = {
    "Idempotency-Key": (
        frozenset({"409"}),
        {
            "description": "The same request under the same key happens once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        },
    ),
    "If-Match": (
        frozenset({"428"}),
        {"description": "The ETag of the version that is changed.", "schema": {"type": "string"}},
    ),
    "If-None-Match": (
        frozenset({"428"}),
        {"description": "`*`: for something new.", "schema": {"type": "string", "examples": ["*"]}},
    ),
    "Prefer": (
        frozenset({"202", "409", "429"}),
        {
            "description": "`wait=20`: so many seconds, 30 at most; `respond-async`: none.",
            "schema": {"type": "string", "examples": ["wait=20", "respond-async"]},
        },
    ),
}
"""Header -> the statuses that only a route answers which reads it, and what is said of it."""


def _tell_headers(made: dict[str, Any]) -> None:
    """Routes read these headers themselves; the document names them where they mean something."""
    for path in made["paths"].values():
        for method, operation in path.items():
            for name, (statuses, said) in HEADERS.items():
                if method != "get" and statuses <= operation["responses"].keys():
                    told = {"name": name, "in": "header", "required": False, **said}
                    operation.setdefault("parameters", []).append(told)


def _tell_problems(made: dict[str, Any]) -> None:
    """A wrong parameter is told in problem details too, not in the form that FastAPI takes for granted."""
    for path in made["paths"].values():
        for operation in path.values():
            told = operation["responses"].get("422", {}).get("content", {})
            if told.pop("application/json", None):
                operation["responses"]["422"] = problems(422)[422]
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)


def _show_examples(made: dict[str, Any]) -> None:
    """Bodies that have examples show them."""
    examples = {
        noun: {name: {"value": body} for name, body in bodies.items()} for noun, bodies in shown().items()
    }
    for path in made["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                noun = content["schema"].get("$ref", "").rpartition("/")[2]
                if noun in examples:
                    content["examples"] = examples[noun]
