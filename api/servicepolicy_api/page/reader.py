"""Who reads: the language and the colours, from cookies and from what the browser says."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection

from servicepolicy_api.page.words import RULES, WORDS, Words
from servicepolicy_models.findings import Finding

Theme = Literal["light", "dark", "system"]
LANGUAGE_COOKIE, THEME_COOKIE = "language", "theme"
HTML_LANG = {"en": "en-US", "zh": "zh-CN"}
IS_DARK = {"light": False, "dark": True}


@dataclass(frozen=True)
class Reader:
    """How somebody likes the page."""

    language: str
    theme: Theme

    @property
    def words(self) -> Words:
        """All texts in the reader's language."""
        return WORDS[self.language]

    def rule(self, code: str) -> str | None:
        """What a rule or a problem says, where the reader's language is not that of the engine."""
        return RULES[self.language].get(code)

    def told(self, finding: Finding) -> Finding:
        """A finding with its rule in the reader's language in front of the engine's own sentence."""
        sentence = self.rule(finding.rule)
        if sentence is None:
            return finding
        return finding.model_copy(update={"what": f"{sentence} {finding.what}"})

    @property
    def html_lang(self) -> str:
        """The attribute lang of the page."""
        return HTML_LANG[self.language]

    @property
    def is_dark(self) -> bool | None:
        """None: as the system likes it."""
        return IS_DARK.get(self.theme)


def reader_of(request: HTTPConnection) -> Reader:
    """The reader of a request; what a cookie does not say, the browser does."""
    language = request.cookies.get(LANGUAGE_COOKIE, "")
    if language not in WORDS:
        language = _liked(request.headers.get("accept-language", ""))
    told = request.cookies.get(THEME_COOKIE)
    theme: Theme = "light" if told == "light" else "dark" if told == "dark" else "system"
    return Reader(language, theme)


def _liked(accepted: str) -> str:
    """The first language of the browser's list that we speak.

    >>> _liked("fr, zh-TW;q=0.9, en;q=0.8"), _liked("fr"), _liked("")
    ('zh', 'en', 'en')
    """
    asked = (one.partition(";")[0].strip().lower().partition("-")[0] for one in accepted.split(","))
    return next((one for one in asked if one in WORDS), "en")
