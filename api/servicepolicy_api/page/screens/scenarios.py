"""Scenarios: their names, versions and lineage."""

from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.screen import screen


@screen("/scenarios")
async def scenarios(here: Here) -> None:
    """List the names."""
    words = here.words.scenarios
    frame(here, Place("scenarios", words.title, words.lead))
