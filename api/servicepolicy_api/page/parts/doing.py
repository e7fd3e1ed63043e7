"""What a click asks for: carried out beside the loop, and told in words when it cannot be."""

import logging
from collections.abc import Callable
from typing import TypeVar

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.findings import listed
from servicepolicy_api.problems import Problem, problem_of
from servicepolicy_models.errors import ServicePolicyError

T = TypeVar("T")
log = logging.getLogger(__name__)


class Alerts:
    """The place of a screen where it says what could not be done."""

    def __init__(self, here: Here) -> None:
        """Draw it, empty."""
        self._here = here
        self._box = ui.html("", sanitize=False).props('role="alert"').classes("sp-alert")

    def clear(self) -> None:
        """Say nothing any more."""
        self._box.set_content("")

    def say(self, problem: Problem) -> None:
        """Say what went wrong, with all findings."""
        words = self._here.words.frame
        why = {404: words.not_there_why, 412: words.version_moved, 503: words.store_away_why}
        detail = why.get(problem.status) or self._here.reader.rule(problem.code) or problem.detail
        text = Markup('<p class="sp-wrong">{}</p>').format(detail)
        self._box.set_content(str(text + (listed(self._here, problem.findings) if problem.findings else "")))

    async def carry_out(self, action: Callable[[], T]) -> T | None:
        """Do something that reads or writes, and return what came of it; None: it was told why not."""
        self.clear()
        try:
            return await self._here.load(action)
        except (ServicePolicyError, Problem) as refused:
            self.say(refused if isinstance(refused, Problem) else problem_of(refused))
        except Exception:
            log.exception("unexpected, page %s", self._here.address)
            self.say(Problem(500, "unexpected", self._here.words.frame.went_wrong))
        return None


def lead_to(address: str) -> None:
    """Have the reader's browser go on to an address of the page."""
    # NiceGUI puts the path below which it is mounted in front.
    ui.navigate.to(address.removeprefix(addresses.ROOT))
