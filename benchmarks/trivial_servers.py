"""What a service that does nothing would take: two that read a scenario and say its name."""

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from servicepolicy_models.scenario import Scenario

habit = FastAPI()


class Read(BaseModel):
    """That it was read."""

    name: str
    valid: bool


@habit.post("/")
def read(scenario: Scenario) -> Read:
    """As it is written by habit: a model comes in, a model goes out."""
    return Read(name=scenario.name, valid=True)


async def read_barely(request: Request) -> Response:
    """The raw body is validated in one step, and bytes go out."""
    scenario = Scenario.model_validate_json(await request.body(), strict=True)
    body = Read(name=scenario.name, valid=True).model_dump_json()
    return Response(body, media_type="application/json")


bare = Starlette(routes=[Route("/", read_barely, methods=["POST"])])
