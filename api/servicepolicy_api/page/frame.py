"""What surrounds every screen: skip link, header with the eight screens, language and colours, the h1."""

from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.reader import HTML_LANG
from servicepolicy_api.page.words import OWN_NAME

HEADER = Markup(
    '<a class="sp-skip" href="#top">{skip}</a>'
    '<a class="sp-product" href="{home}">{product}</a>'
    '<nav aria-label="{screens}"><ul>{links}</ul></nav>'
    '<nav aria-label="{look}" class="sp-look">{choices}</nav>'
)
TITLE = Markup('<h1 id="top" tabindex="-1">{}</h1>{}')


@dataclass(frozen=True)
class Place:
    """Where a reader stands: which screen, and of which scenario or run, so that the header leads on."""

    screen: str
    title: str
    lead: str = ""
    scenario: str | None = None
    run: str | None = None


def frame(here: Here, place: Place) -> None:
    """Draw what surrounds a screen; what is drawn afterwards comes below its title."""
    ui.page_title(f"{place.title} · {here.words.frame.product}")
    with ui.context.client.layout:
        header = ui.element("header").classes("sp-header")
        header.move(target_index=0)
        with header:
            ui.html(_header(here, place), sanitize=False).classes("sp-bar")
    lead = Markup('<p class="sp-lead">{}</p>').format(place.lead) if place.lead else Markup("")
    ui.html(TITLE.format(place.title, lead), sanitize=False).classes("sp-title")


def _header(here: Here, place: Place) -> Markup:
    words = here.words.frame
    return HEADER.format(
        skip=words.skip,
        home=addresses.SCENARIOS,
        product=words.product,
        screens=words.screens,
        links=Markup("").join(_link(place, *each) for each in _screens(here, place)),
        look=words.look,
        choices=_choices(here),
    )


def _screens(here: Here, place: Place) -> tuple[tuple[str, str, str], ...]:
    """Screen, words and address of each; those of the scenario or run at hand where there is one."""
    words, name, run = here.words.frame, place.scenario, place.run
    return (
        ("scenarios", words.scenarios, addresses.SCENARIOS),
        ("profile", words.profile, addresses.profile(name) if name else addresses.PROFILES),
        ("edit", words.edit, addresses.edit(name) if name else addresses.EDITS),
        ("solve", words.solve, addresses.run(run) if run else addresses.RUNS),
        ("policy", words.policy, addresses.policy(run) if run else addresses.POLICIES),
        ("frontier", words.frontier, addresses.FRONTIERS),
        ("compare", words.compare, addresses.COMPARE),
        ("sweep", words.sweep, addresses.SWEEPS),
    )


def _link(place: Place, screen: str, words: str, address: str) -> Markup:
    current = Markup(' aria-current="page"') if screen == place.screen else ""
    return Markup('<li><a href="{}"{}>{}</a></li>').format(address, current, words)


def _choices(here: Here) -> Markup:
    """Links, not scripts: choosing works before anything else on the page does."""
    words, reader = here.words.frame, here.reader
    themes = (("light", words.light), ("dark", words.dark), ("system", words.like_system))
    following = {"light": themes[1], "dark": themes[2], "system": themes[0]}[reader.theme]
    other = "zh" if reader.language == "en" else "en"
    lang = HTML_LANG[other]
    choices = Markup('<a href="{}" lang="{}" hreflang="{}">{}</a><a href="{}">{}</a>').format(
        addresses.look(here.address, language=other), lang, lang, OWN_NAME[other],
        addresses.look(here.address, theme=following[0]), following[1],
    )  # fmt: skip
    if here.asker.api_key is not None:
        choices += Markup('<a href="{}">{}</a>').format(addresses.SIGN_OUT, words.sign_out)
    return choices
