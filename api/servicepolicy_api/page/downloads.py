"""Files of a run for whoever reads the page: behind the page's door, as the page is."""

from typing import Any

import anyio
from fastapi import APIRouter, Request, Response

from servicepolicy_api.awaiting import latest
from servicepolicy_api.export.erp_sheets import SHEET_OF, ErpForm
from servicepolicy_api.export.media import CSV, XLSX, sheet_as, workbook
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem, problem_of
from servicepolicy_api.run_answers import policy
from servicepolicy_models.errors import ServicePolicyError

router = APIRouter(include_in_schema=False)


@router.get("/runs/{run_id}/files/policy.xlsx")
async def excel(run_id: str, request: Request) -> Response:
    """The policy as an Excel workbook."""
    return await _file(
        request, f"policy-{run_id}.xlsx", XLSX, lambda memory: workbook(_policy(memory, run_id))
    )


@router.get("/runs/{run_id}/files/item-parameters.csv")
async def parameters(run_id: str, request: Request, form: ErpForm = ErpForm.PLAIN) -> Response:
    """The item parameters as a CSV file."""

    def written(memory: Memory) -> bytes:
        return sheet_as(CSV, SHEET_OF[form](_policy(memory, run_id)))

    return await _file(request, f"item-parameters-{form.value}-{run_id}.csv", CSV, written)


def _policy(memory: Memory, run_id: str) -> Any:
    return policy(memory, latest(memory, run_id))


async def _file(request: Request, name: str, media_type: str, make: Any) -> Response:
    try:
        content = await anyio.to_thread.run_sync(make, request.app.state.memory)
    except (ServicePolicyError, Problem) as refused:
        problem = refused if isinstance(refused, Problem) else problem_of(refused)
        return Response(problem.detail, problem.status, media_type="text/plain; charset=utf-8")
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=attached)
