"""Earlier runs of a kind, in few columns."""

from servicepolicy_api.page.figures.calling import called, place_of, standing
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import heading
from servicepolicy_api.page.parts.moments import minute
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.table import Column, link, table
from servicepolicy_store import runs
from servicepolicy_store.run_noun import Run

LATEST = 20


def earlier(here: Here, kind: str) -> list[Run]:
    """The latest runs of a kind."""
    with here.memory.database.reading() as tx:
        found, _ = runs.page(tx, runs.Filter(kind=kind), None, LATEST)
    return found


def draw_earlier(here: Here, found: list[Run], head: str, none: str) -> None:
    """Draw them, or say that there is none."""
    words = here.words.runs
    heading(head)
    if not found:
        prose(none, is_soft=True)
        return
    columns = [Column(words.about), Column(words.state), Column(words.asked_at)]
    rows = [
        [link(called(here, run), place_of(run)), standing(here, run), minute(run.created_at)] for run in found
    ]
    table(head, columns, rows, is_caption_shown=False)
