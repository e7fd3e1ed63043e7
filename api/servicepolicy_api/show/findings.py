"""Findings, a paragraph each: what matters most first."""

import re
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from servicepolicy_api.show.screen import screen
from servicepolicy_models.findings import Finding, Severity

STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
ORDER = tuple(STYLE)


def finding_text(finding: Finding) -> Text:
    """One finding: how much it matters, where, what, how often unless that is said, mend and rule."""
    numbers = re.findall(r"\d[\d,.]*(?<=\d)", finding.what)
    is_said = f"{finding.count:,}" in numbers or str(finding.count) in numbers
    count = "" if finding.count == 1 or is_said else f" ({finding.count:,} times)"
    return Text.assemble(
        (f"{finding.severity.value}: ", STYLE[finding.severity]),
        (finding.where or "the whole document", "bold"),
        f": {finding.what}{count}",
        f" {finding.mend}" if finding.mend else "",
        (f" [{finding.rule}]", "dim"),
    )


def print_findings(findings: Iterable[Finding], console: Console | None = None) -> None:
    """Print findings, errors first; without a console to standard error."""
    console = console or screen(to_stderr=True)
    for finding in sorted(findings, key=lambda one: ORDER.index(one.severity)):
        console.print(finding_text(finding), soft_wrap=True)
