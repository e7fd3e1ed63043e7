"""Language and colours, chosen by a link."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from servicepolicy_api.page import addresses
from servicepolicy_api.page.reader import LANGUAGE_COOKIE, THEME_COOKIE

router = APIRouter(include_in_schema=False)
YEAR_SECONDS = 31_536_000


@router.get("/look")
def look(request: Request) -> Response:
    """Remember what was chosen in a cookie, and lead back."""
    back = request.query_params.get("back", "")
    answer = RedirectResponse(back if addresses.is_ours(back) else addresses.SCENARIOS, 303)
    for cookie, known in ((LANGUAGE_COOKIE, ("en", "zh")), (THEME_COOKIE, ("light", "dark", "system"))):
        chosen = request.query_params.get(cookie, "")
        if chosen in known:
            answer.set_cookie(cookie, chosen, YEAR_SECONDS, path=addresses.ROOT, samesite="lax")
    return answer
