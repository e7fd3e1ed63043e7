"""The body of POST /v1/runs becomes a wish."""

from typing import Annotated, Any, Literal, TypeVar

import orjson
from pydantic import Field, ValidationError, create_model

from servicepolicy_api.asking import Wish
from servicepolicy_api.beside import as_it_is_now, last_compared
from servicepolicy_api.kinds import KINDS, SimulateSettings
from servicepolicy_api.kinds.asked import Base
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_models.comparison import ComparisonQuestion
from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.noun import Noun
from servicepolicy_models.pointer import pointer
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import runs, scenarios
from servicepolicy_store.errors import NotThere
from servicepolicy_store.scenarios import Version

N = TypeVar("N", bound=Noun)


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


def request_noun(name: str) -> type[RunRequest]:
    """The body of the route of a kind: a run request that need not name its kind, with its own settings."""
    kind = KINDS[name]
    needed = any(one.is_required() for one in kind.settings.model_fields.values())
    default = Field(...) if needed else Field(default_factory=kind.settings)
    told = {"kind": (Literal[name], name), "settings": (kind.settings, default)}
    made: type[RunRequest] = create_model(  # type: ignore[call-overload]
        f"{name.capitalize()}Request", __base__=RunRequest, __doc__=kind.sentence, **told
    )
    return made


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


def wish_of(body: bytes, memory: Memory, route_of: str | None = None) -> Wish:
    """Read what is asked; route_of: the kind that the route means.

    Raises Problem 400 or 422, NotThere, and ScenarioRejected.
    """
    document = json_object(body)
    asked = read_noun(RunRequest, document if route_of is None else {"kind": route_of, **document})
    kind = KINDS.get(asked.kind)
    if kind is None or route_of not in (None, asked.kind):
        known = ", ".join(KINDS) if route_of is None else route_of
        finding = error("/kind", "There is no such kind here.", "request.body", f"One of: {known}.")
        raise Problem(422, "request.body", "The body is wrong.", [finding])
    chosen = as_it_is_now(read_noun(kind.settings, asked.settings, ("settings",)), memory)
    document, base = _document(asked, chosen, memory)
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


def _document(asked: RunRequest, chosen: Noun, memory: Memory) -> tuple[dict[str, Any], Version | None]:
    if isinstance(chosen, ComparisonQuestion):
        if (asked.scenario, asked.base, asked.patch) != (None, None, None):
            what = "A comparison is about runs; a scenario, base or patch says nothing."
            finding = error("", what, "request.body", "Name runs in settings only.")
            raise Problem(422, "request.body", "The body is wrong.", [finding])
        return last_compared(chosen, memory), None
    if [asked.scenario, asked.base, asked.run].count(None) != 2:
        what = "Exactly one of scenario, base and run is needed."
        mend = "Write the scenario out, or name it, or name a run of it."
        raise Problem(422, "request.body", "The body is wrong.", [error("", what, "request.body", mend)])
    if asked.scenario is not None:
        return asked.scenario, None
    base = asked.base or Base(name="-")
    try:
        with memory.database.reading() as tx:
            if asked.run is not None:
                return orjson.loads(scenarios.document(tx, runs.get(tx, asked.run).scenario_sha256)), None
            version = scenarios.version(tx, base.name, base.version)
            read: dict[str, Any] = orjson.loads(scenarios.document(tx, version.sha256))
    except NotThere:
        raise NotThere([_not_there(asked.run, base)]) from None
    return read, version


def _not_there(run: str | None, base: Base) -> Finding:
    """What was named and is not kept."""
    if run is not None:
        return error("/run", f"There is no run '{run}'.", NotThere.code, "GET /v1/runs says which there are.")
    what = f"There is no scenario '{base.name}'" + (f" of version {base.version}." if base.version else ".")
    mend = "GET /v1/scenarios says which there are; PUT /v1/scenarios/{name} keeps one."
    return error("/base", what, NotThere.code, mend)
