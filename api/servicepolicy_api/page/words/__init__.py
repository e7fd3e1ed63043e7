"""Every text of the page, in every language. English is the form; each other language fills it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from servicepolicy_api.page.words import chinese, english


@dataclass(frozen=True)
class Words:
    """All texts in one language."""

    frame: english.Frame = field(default_factory=english.Frame)
    parts: english.Parts = field(default_factory=english.Parts)
    sign_in: english.SignIn = field(default_factory=english.SignIn)
    scenarios: english.Scenarios = field(default_factory=english.Scenarios)
    new_scenario: english.NewScenario = field(default_factory=english.NewScenario)
    profile: english.Profile = field(default_factory=english.Profile)
    fields: english.Fields = field(default_factory=english.Fields)
    edit: english.Edit = field(default_factory=english.Edit)
    runs: english.Runs = field(default_factory=english.Runs)
    states: english.States = field(default_factory=english.States)
    kinds: english.Kinds = field(default_factory=english.Kinds)
    phases: english.Phases = field(default_factory=english.Phases)
    costs: english.Costs = field(default_factory=english.Costs)
    known_policies: english.KnownPolicies = field(default_factory=english.KnownPolicies)
    means: english.Means = field(default_factory=english.Means)
    solve: english.Solve = field(default_factory=english.Solve)
    repairs: english.Repairs = field(default_factory=english.Repairs)
    policy: english.Policy = field(default_factory=english.Policy)
    segment: english.Segment = field(default_factory=english.Segment)
    publishing: english.Publishing = field(default_factory=english.Publishing)
    frontier: english.Frontier = field(default_factory=english.Frontier)
    compare: english.Compare = field(default_factory=english.Compare)
    input_groups: english.InputGroups = field(default_factory=english.InputGroups)
    sweep: english.Sweep = field(default_factory=english.Sweep)


def word(part: Any, name: str) -> str:
    """The text of a word of the model or the store; the word itself where a part has no text for it.

    >>> word(english.Phases(), "columns for points"), word(english.Phases(), "dance")
    ('Prepare points', 'dance')
    """
    plain = name.replace(",", "").replace(" ", "_").replace("-", "_")
    known = {one.name for one in fields(part)}
    return str(vars(part)[plain]) if plain in known else name


WORDS = {
    "en": Words(),
    "zh": Words(
        frame=chinese.FRAME,
        parts=chinese.PARTS,
        sign_in=chinese.SIGN_IN,
        scenarios=chinese.SCENARIOS,
        new_scenario=chinese.NEW_SCENARIO,
        profile=chinese.PROFILE,
        fields=chinese.FIELDS,
        edit=chinese.EDIT,
        runs=chinese.RUNS,
        states=chinese.STATES,
        kinds=chinese.KINDS,
        phases=chinese.PHASES,
        costs=chinese.COSTS,
        known_policies=chinese.KNOWN_POLICIES,
        means=chinese.MEANS,
        solve=chinese.SOLVE,
        repairs=chinese.REPAIRS,
        policy=chinese.POLICY,
        segment=chinese.SEGMENT,
        publishing=chinese.PUBLISHING,
        frontier=chinese.FRONTIER,
        compare=chinese.COMPARE,
        input_groups=chinese.INPUT_GROUPS,
        sweep=chinese.SWEEP,
    ),
}
"""Code of a language, as in the attribute lang -> its texts."""
RULES: Mapping[str, Mapping[str, str]] = {"en": {}, "zh": chinese.RULES}
"""Code of a language -> what the rules of findings and problems say in it; the engine says it in English."""
OWN_NAME = {"en": "English", "zh": "中文"}
"""What a language is called by those who read it."""
