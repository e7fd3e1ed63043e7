"""Choosing what a question is about: the scenario of a run that the address names, or a named one."""

from dataclasses import dataclass

from servicepolicy_api.awaiting import latest
from servicepolicy_api.page.asking import named_scenarios
from servicepolicy_api.page.figures.calling import called
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.fields import ChoiceField
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.subjects import Subject, subject_of_name, subject_of_run
from servicepolicy_store.run_noun import Run


@dataclass(frozen=True)
class Choices:
    """What may be asked about."""

    run: Run | None
    names: list[str]
    scenario: str | None
    """The name that is chosen at first."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask about."""
        return self.run is None and not self.names

    def subject(self, here: Here, name: str | None) -> Subject:
        """What is asked about: the run's scenario, else the named one. Call it beside the loop."""
        if self.run is not None:
            return subject_of_run(here.memory, self.run)
        return subject_of_name(here.memory, name or self.scenario or "")


def choices_of(here: Here, run_id: str | None, scenario: str | None) -> Choices:
    """Read what may be asked about. Raises NotThere for a run that is not there."""
    run = latest(here.memory, run_id) if run_id else None
    names = [] if run else named_scenarios(here)
    first = scenario if scenario in names else names[0] if names else None
    return Choices(run, names, first)


def draw_choice(here: Here, choices: Choices, label: str, about: str) -> ChoiceField | None:
    """Draw what is asked about; a field where there is a choice."""
    if choices.run is not None:
        prose(about.format(name=called(here, choices.run)), is_strong=True)
        return None
    return ChoiceField(label, {one: one for one in choices.names}, choices.scenario or "")
