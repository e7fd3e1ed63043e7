"""The body of POST /v1/runs becomes a wish."""

from typing import Annotated, Any, TypeVar

import orjson
from pydantic import Field, ValidationError

from servicepolicy_api.asking import Wish
from servicepolicy_api.kinds import KINDS, SimulateSettings
from servicepolicy_api.memory import Memory
from servicepolicy_api.merge_patch import merged
from servicepolicy_api.problems import Problem
from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.noun import Name, Noun
from servicepolicy_models.pointer import pointer
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import runs, scenarios
from servicepolicy_store.scenarios import Version

N = TypeVar("N", bound=Noun)


class Base(Noun):
    """A named scenario."""

    name: Name
    version: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None
    """Absent: the newest."""


class RunRequest(Noun):
    """What is asked: a scenario written out, a named one, or that of a run; each may be patched."""

    kind: str = "solve"
    scenario: dict[str, Any] | None = None
    base: Base | None = None
    run: Annotated[str, Field(max_length=36)] | None = None
    """The scenario of an earlier run; a run of kind `simulate` plays that run's policy."""
    patch: dict[str, Any] | None = None
    """JSON merge patch (RFC 7396)."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """Of the kind."""
    deadline_seconds: Annotated[float, Field(gt=0, le=86_400)] | None = None
    """From now on; then the run ends with what it holds."""


def json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object; NaN, 1e999, giant integers and endless nesting are no JSON. Raises Problem."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as unfit:
        what = f"{str(unfit).partition(':')[0].capitalize()}."
        finding = error("", what, "json.syntax", "Send JSON (RFC 8259).")
        raise Problem(400, "body.not_json", "The body is not JSON.", [finding]) from None
    if not isinstance(parsed, dict):
        finding = error("", "The body is not an object.", "json.object", "Send a JSON object.")
        raise Problem(422, "request.body", "The body is wrong.", [finding])
    return parsed


def read_noun(noun: type[N], value: Any, under: tuple[str, ...] = ()) -> N:
    """Read a noun of ours from parsed JSON. Raises Problem 422 with every finding."""
    try:
        return noun.model_validate(value)
    except ValidationError as rejected:
        findings = [
            error(pointer(*under, *map(str, one["loc"])), f"{one['msg']}.", "request.body", "See /docs.")
            for one in rejected.errors(include_url=False)
        ]
        raise Problem(422, "request.body", "The body is wrong.", findings) from None


def wish_of(body: bytes, memory: Memory) -> Wish:
    """Read what is asked. Raises Problem 400 or 422, NotThere, and ScenarioRejected."""
    asked = read_noun(RunRequest, json_object(body))
    kind = KINDS.get(asked.kind)
    if kind is None:
        finding = error("/kind", "There is no such kind.", "request.body", f"One of: {', '.join(KINDS)}.")
        raise Problem(422, "request.body", "The body is wrong.", [finding])
    chosen = read_noun(kind.settings, asked.settings, ("settings",))
    document, base = _document(asked, memory)
    patched = document if asked.patch is None else merged(document, asked.patch)
    settings = chosen.model_dump(mode="json")
    if asked.run is not None and isinstance(chosen, SimulateSettings):
        settings["policy_of"] = chosen.policy_of or asked.run
    return Wish(
        kind=asked.kind,
        scenario=scenario_at("/scenario", patched),
        settings=settings,
        base=base,
        patch=None if asked.patch is None else orjson.dumps(asked.patch).decode(),
        deadline_seconds=asked.deadline_seconds,
    )


def scenario_at(place: str, document: dict[str, Any]) -> Scenario:
    """Read a scenario that stands somewhere in the body. Raises ScenarioRejected, pointers from the top."""
    try:
        return read_scenario(orjson.dumps(document))
    except ScenarioRejected as rejected:
        moved = [one.model_copy(update={"where": f"{place}{one.where}"}) for one in rejected.findings]
        raise ScenarioRejected(moved) from None


def _document(asked: RunRequest, memory: Memory) -> tuple[dict[str, Any], Version | None]:
    if [asked.scenario, asked.base, asked.run].count(None) != 2:
        what = "Exactly one of scenario, base and run is needed."
        mend = "Write the scenario out, or name it, or name a run of it."
        raise Problem(422, "request.body", "The body is wrong.", [error("", what, "request.body", mend)])
    if asked.scenario is not None:
        return asked.scenario, None
    base = asked.base or Base(name="-")
    with memory.database.reading() as tx:
        if asked.run is not None:
            return orjson.loads(scenarios.document(tx, runs.get(tx, asked.run).scenario_sha256)), None
        version = scenarios.version(tx, base.name, base.version)
        read: dict[str, Any] = orjson.loads(scenarios.document(tx, version.sha256))
    return read, version
