"""What the OpenAPI document says beyond what FastAPI finds by itself."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from servicepolicy_api.examples import runnable_examples
from servicepolicy_api.problems import MEDIA_TYPE, ProblemDetails
from servicepolicy_models.scenario import Scenario

REFERENCE = "#/components/schemas/{model}"
SCENARIO_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": REFERENCE.format(model="Scenario")}}},
    }
}
"""The routes read the body themselves, to say all that is wrong with it; the document says what it holds."""


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
            for noun in (Scenario, ProblemDetails):
                schema = noun.model_json_schema(ref_template=REFERENCE)
                for name, inner in schema.pop("$defs", {}).items():
                    schemas.setdefault(name, inner)
                schemas.setdefault(noun.__name__, schema)
            _show_examples(made)
            app.openapi_schema = made
        return app.openapi_schema

    return document


def _show_examples(made: dict[str, Any]) -> None:
    """Every request body that is a scenario gets the examples that run as they stand."""
    examples = {name: {"value": json.loads(text)} for name, text in runnable_examples().items()}
    for path in made["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content["examples"] = examples
