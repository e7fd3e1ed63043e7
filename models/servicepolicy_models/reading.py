"""A JSON document becomes a scenario, or every reason why it cannot."""

import json
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from servicepolicy_models.complaints import finding_of, is_echo
from servicepolicy_models.errors import QuestionRejected, ScenarioRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.scenario import Scenario

MOST_FINDINGS = 200
"""A wrong export of a million items has a million findings; nobody reads more than these."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_scenario(document: bytes | Mapping[str, object]) -> Scenario:
    """Read a scenario from JSON text (UTF-8) or from what such a text was parsed into.

    Numbers must be numbers: no text, no truth value and no NaN stands in for one. Raises ScenarioRejected
    with every finding at once. Whether names that refer to each other exist is not asked here, but by
    servicepolicy_models.consistency.
    """
    try:
        return Scenario.model_validate_json(_text(document), strict=True)
    except ValidationError as rejected:
        raise ScenarioRejected(_findings(rejected)) from None


def read_if_well_formed(document: bytes) -> Scenario | None:
    """Read a scenario from JSON text (UTF-8); None, without a word on the reasons, where it cannot be one."""
    try:
        return Scenario.model_validate_json(_text(document), strict=True)
    except ValidationError:
        return None


def _text(document: bytes | Mapping[str, object]) -> bytes:
    if isinstance(document, bytes):
        return document.removeprefix(BYTE_ORDER_MARK)
    try:
        return json.dumps(document).encode()
    except (TypeError, ValueError, RecursionError) as unfit:
        what = f"The document cannot be written as JSON: {unfit}."
        mend = "Use objects, lists, texts, numbers, true, false and null only."
        raise ScenarioRejected([error("", what, "json.syntax", mend)]) from None


def _findings(rejected: ValidationError) -> list[Finding]:
    complaints = [one for one in rejected.errors(include_url=False) if not is_echo(one)]
    findings = [finding_of(one, Scenario) for one in complaints[:MOST_FINDINGS]]
    rest = len(complaints) - len(findings)
    if rest:
        mend = "Mend those above first; many findings often have one cause."
        findings.append(error("", f"There are {rest} more findings.", "scenario.more_findings", mend))
    return findings


Asked = TypeVar("Asked", bound=Noun)


def read_question(document: bytes | Mapping[str, object], noun: type[Asked]) -> Asked:
    """Read what is asked about a scenario. Raises QuestionRejected with every finding at once."""
    text = document.removeprefix(BYTE_ORDER_MARK) if isinstance(document, bytes) else json.dumps(document)
    try:
        return noun.model_validate_json(text, strict=True)
    except ValidationError as rejected:
        complaints = [one for one in rejected.errors(include_url=False) if not is_echo(one)]
        raise QuestionRejected([finding_of(one, noun) for one in complaints[:MOST_FINDINGS]]) from None
