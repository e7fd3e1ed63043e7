"""What goes wrong over HTTP, as problem details (RFC 9457): stable types, pointers, nothing from inside."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.findings import Finding

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:servicepolicy:problem:"
STATUS_OF = {
    "scenario.rejected": 422,
    "order_lines.rejected": 422,
    "table.rejected": 422,
    "file.rejected": 422,
    "question.rejected": 422,
    "runs.rejected": 422,
    "futures.rejected": 422,
    "screening.rejected": 422,
    "classes.rejected": 422,
    "rule.rejected": 422,
    "repairs.nothing_to_repair": 422,
    "explain.no_policy": 422,
    "policy.rejected": 422,
    "simulation.rejected": 422,
    "scenario.too_large": 413,
    "store.not_there": 404,
    "store.version_moved": 412,
    "store.clash": 409,
    "store.unfit": 422,
    "idempotency.key_reused": 409,
    "store.unavailable": 503,
    "machine.failed": 503,
}
"""Code of an error about the question -> status. All others are ours: 500."""

log = logging.getLogger(__name__)


class ProblemError(BaseModel):
    """One finding within a problem."""

    pointer: str | None = None
    """JSON Pointer into the request body, where the finding has one."""
    where: str
    detail: str
    rule: str
    mend: str
    severity: str


class ProblemDetails(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[ProblemError, ...] = ()


class Problem(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        findings: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the client is told."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.findings, self.headers = tuple(findings), dict(headers or {})


def problem_of(failed: ServicePolicyError) -> Problem:
    """The problem that stands for an error; of errors that are ours only the kind is told."""
    sentence = (type(failed).__doc__ or "").strip()
    status = STATUS_OF.get(failed.code, 500)
    later = {"Retry-After": "2"} if status == 503 else None
    return Problem(status, failed.code, sentence, failed.findings if status < 500 else (), later)


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as it is kept with a run that failed."""
    return {
        "code": problem.code,
        "status": problem.status,
        "detail": problem.detail,
        "errors": [_kept(one) for one in problem.findings],
    }


def _kept(finding: Finding) -> dict[str, Any]:
    """A finding without NUL characters, which a table may hold and PostgreSQL cannot."""
    told = finding.model_dump(mode="json")
    return {
        name: value.replace("\0", "\ufffd") if isinstance(value, str) else value
        for name, value in told.items()
    }


def problem_again(kept: Mapping[str, Any]) -> Problem:
    """The problem of a run that failed, to be told again."""
    findings = [Finding.model_validate(one) for one in kept.get("errors", ())]
    return Problem(kept["status"], kept["code"], kept["detail"], findings)


def answer_problems(app: FastAPI) -> None:
    """Have the application answer everything that goes wrong with problem details."""

    @app.exception_handler(Problem)
    def told(request: Request, problem: Problem) -> JSONResponse:
        return _response(request, problem)

    @app.exception_handler(ServicePolicyError)
    def rejected(request: Request, failed: ServicePolicyError) -> JSONResponse:
        return _response(request, problem_of(failed))

    @app.exception_handler(HTTPException)
    def http(request: Request, failed: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(failed.status_code).phrase
        code = f"http.{phrase.lower().replace(' ', '_')}"
        headers = dict(failed.headers or {})
        if failed.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "")
        return _response(request, Problem(failed.status_code, code, f"{phrase}.", (), headers))

    @app.exception_handler(ClientDisconnect)
    def left(request: Request, failed: ClientDisconnect) -> JSONResponse:
        return _response(request, Problem(408, "client.left", "The client left before all was sent."))

    @app.exception_handler(RequestValidationError)
    def parameters(request: Request, failed: RequestValidationError) -> JSONResponse:
        findings = [_parameter_finding(one) for one in failed.errors()]
        return _response(request, Problem(422, "request.parameters", "A parameter is wrong.", findings))


def unexpected(request: Request, failed: Exception) -> JSONResponse:
    """Answer what nobody foresaw; the log says what it was, under the request's name."""
    log.error("unexpected, request %s", request_id(request), exc_info=failed)
    return _response(request, Problem(500, "unexpected", "Something went wrong on our side."))


def request_id(request: Request) -> str:
    """The name under which this request is found in the log."""
    return str(getattr(request.state, "request_id", "unknown"))


def _response(request: Request, problem: Problem) -> JSONResponse:
    details = ProblemDetails(
        type=f"{TYPE_PREFIX}{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        instance=f"urn:uuid:{request_id(request)}",
        errors=tuple(_error(finding) for finding in problem.findings),
    )
    body: dict[str, Any] = details.model_dump(mode="json")
    return JSONResponse(body, problem.status, problem.headers, media_type=MEDIA_TYPE)


def _error(finding: Finding) -> ProblemError:
    is_pointer = finding.where == "" or finding.where.startswith("/")
    return ProblemError(
        pointer=finding.where if is_pointer else None,
        where=finding.where,
        detail=finding.what,
        rule=finding.rule,
        mend=finding.mend,
        severity=finding.severity.value,
    )


def _methods(request: Request) -> list[str]:
    """All that the path of a request answers to: each method has a route of its own, which knows no other."""
    paths: Mapping[str, Mapping[str, Any]] = request.app.openapi()["paths"]
    fitting = [path for path in paths if compile_path(path)[0].match(request.url.path)]
    # `/v1/runs/{run_id}` seems to fit `/v1/runs/1:cancel` too: the path that says more is meant.
    meant = max(fitting, key=lambda path: len(re.sub("{.*?}", "", path)), default=None)
    return sorted(method.upper() for method in paths.get(meant or "", ()))


def _parameter_finding(complaint: Mapping[str, Any]) -> Finding:
    place, *name = complaint["loc"]
    where = f"{place} parameter {'.'.join(map(str, name))}"
    return error(where, f"{complaint['msg']}.", "request.parameters", "See /docs for what it may be.")
