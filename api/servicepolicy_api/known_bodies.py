"""A body that was read before is known by its digest: an ERP system sends the same again and again.

Nothing is kept that could become wrong while this process runs. Versions and settings do not change in it. A
scenario that is written out with its demand says everything itself, and that of a run never changes; a named
scenario, a patched one, and one that reads files or data sets are read and checked anew each time.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from servicepolicy_api.asking import Prepared, ScenarioNotAtHand, Wish
from servicepolicy_api.recent import Recent
from servicepolicy_models.demand import InlineDemand
from servicepolicy_store.run_noun import Run

MOST_BYTES = 32_000_000
"""Of reviews, and of answers."""
MOST_QUESTION_BYTES = 4_000_000
MOST_BODY_BYTES = 1_000_000
"""A larger body is not looked for: its digest alone would keep others waiting."""
OVERHEAD_BYTES = 2_000
"""What is kept of a body beside the text that came of it, and of a question as a whole."""


class KnownBodies:
    """What was made of bodies that came before."""

    def __init__(self) -> None:
        """Know none."""
        self.reviews = Recent[bytes](MOST_BYTES)
        """Body of a scenario -> what is said of it, as JSON."""
        self.questions = Recent[Prepared](MOST_QUESTION_BYTES)
        """Route and body -> the question, without the scenario: of one that was answered nobody needs it."""
        self.answers = Recent[bytes](MOST_BYTES)
        """Run, and whether with items -> its policy as JSON."""

    def asked(
        self,
        route: str,
        body: bytes,
        read: Callable[[], Wish],
        prepare: Callable[[Wish], Prepared],
        ask: Callable[[Prepared], Run],
    ) -> Run:
        """Ask what a body says on a route, which is read and checked unless it was answered before.

        Raises what these raise.
        """
        key = digest(route, body)
        known = None if key is None else self.questions.get(key)
        if known is not None:
            with suppress(ScenarioNotAtHand):
                return ask(known)
        wish = read()
        made = prepare(wish)
        if key is not None and says_everything(wish):
            self.questions.keep(key, replace(made, scenario=None), OVERHEAD_BYTES)
        return ask(made)


def digest(route: str, body: bytes) -> bytes | None:
    """The key of a body; None: it is too large to be looked for."""
    if len(body) > MOST_BODY_BYTES:
        return None
    said = hashlib.sha256(f"{route}\n".encode())
    said.update(body)
    return said.digest()


def answer_key(run: Run, with_items: bool) -> bytes:
    """The key of an answer: that of the run that found it."""
    return f"{run.cached_from or run.id} {with_items}".encode()


def says_everything(wish: Wish) -> bool:
    """Whether a wish means the same for ever: nothing that it names is looked up."""
    return (
        wish.kind == "solve"
        and isinstance(wish.scenario.demand, InlineDemand)
        and (wish.base, wish.patch, wish.replay_of, wish.part) == (None, None, None, None)
    )
