"""Findings: where, what, and what to do about it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_models.findings import Finding

LIST = Markup('<ul class="sp-findings">{}</ul>')
ONE = Markup('<li class="{kind}"><strong>{word}</strong> {told} <code>{where}</code>{count}</li>')
KEPT_FILE = re.compile(r"\b[0-9a-f]{64}\.\w+")
"""The name under which a store keeps an uploaded file; its reader never gave it that name."""
BOTH = Markup('{} <span lang="en" class="sp-soft">{} {}</span>')
MOST = 200
"""Findings shown at once; a file can be wrong in every row."""


def findings(here: Here, found: Iterable[Finding | Mapping[str, Any]]) -> ui.html:
    """Draw findings, those that keep something from happening first."""
    return ui.html(listed(here, found), sanitize=False)


def listed(here: Here, found: Iterable[Finding | Mapping[str, Any]]) -> Markup:
    """The HTML of findings."""
    read = [one if isinstance(one, Finding) else Finding.model_validate(one) for one in found]
    order = {"error": 0, "warning": 1, "note": 2}
    shown = sorted(read, key=lambda one: order[one.severity.value])[:MOST]
    words = here.words.parts
    if not shown:
        return Markup('<p class="sp-soft">{}</p>').format(words.no_findings)
    word_of = {"error": words.error, "warning": words.warning, "note": words.note}
    return LIST.format(
        Markup("").join(
            ONE.format(
                kind=one.severity.value,
                word=word_of[one.severity.value],
                told=sentence(here, one),
                where=KEPT_FILE.sub(words.the_file, one.where),
                count=f" · {words.count}: {one.count:,}" if one.count > 1 else "",
            )
            for one in shown
        )
    )


def sentence(here: Here, one: Finding) -> Markup:
    """What a finding says; the engine's own English stands behind the sentence of another language."""
    translated = here.reader.rule(one.rule)
    if translated is None:
        return Markup("{} {}").format(one.what, one.mend)
    return BOTH.format(translated, one.what, one.mend)
