"""Every text of the page, in every language. English is the form; each other language fills it."""

from dataclasses import dataclass, field

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
    ),
}
"""Code of a language, as in the attribute lang -> its texts."""
OWN_NAME = {"en": "English", "zh": "中文"}
"""What a language is called by those who read it."""
