"""The policy of a run: promises, costs, prices, and putting it in force."""

from dataclasses import dataclass

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api import item_pages
from servicepolicy_api.awaiting import latest
from servicepolicy_api.page import addresses
from servicepolicy_api.page.figures.calling import called
from servicepolicy_api.page.figures.policy_costs import draw_broken, draw_costs, draw_uses
from servicepolicy_api.page.figures.pricing import answered_prices, draw_pricing
from servicepolicy_api.page.figures.publishing import draw_publishing, in_force
from servicepolicy_api.page.figures.service_matrix import draw_matrices, prices_of, segments_table
from servicepolicy_api.page.frame import Place, frame
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.findings import findings
from servicepolicy_api.page.parts.states import said
from servicepolicy_api.page.screen import screen
from servicepolicy_api.run_answers import bare_policy
from servicepolicy_api.show.amounts import gap, money, share
from servicepolicy_models.policy import Policy
from servicepolicy_models.prices import Prices
from servicepolicy_store.policies import Published
from servicepolicy_store.run_noun import Run

READY_SECONDS = 1.0
WAY = Markup('<li><a href="{}">{}</a></li>')
WAYS = Markup('<nav aria-label="{}"><h2>{}</h2><ul class="sp-ways">{}</ul></nav>')


@dataclass(frozen=True)
class _Read:
    """What the screen shows, read at once; the items stay where they are."""

    policy: Policy
    priced: Run | None
    prices: Prices | None
    force: Published | None


@screen("/runs/{run_id}/policy")
async def policy(here: Here, run_id: str) -> None:
    """Show the policy of a run; of one that has not ended, say so."""
    words = here.words.policy
    run = await here.load(lambda: latest(here.memory, run_id))
    place = Place("policy", words.title.format(name=called(here, run)), words.lead, run.scenario_name, run.id)
    if not run.state.is_final or run.kind != "solve":
        frame(here, place)
        said(
            here,
            words.no_policy if run.state.is_final else words.unfinished,
            (words.to_run, addresses.run(run.id)),
        )
        return
    name = run.scenario_name or ""

    def read() -> _Read:
        priced, prices = answered_prices(here, run)
        return _Read(bare_policy(here.memory, run), priced, prices, in_force(here, name) if name else None)

    found = await here.load(read)
    frame(here, place)
    if not found.policy.segments:
        said(here, words.no_policy, (words.to_run, addresses.run(run.id)))
        return
    _figures(here, found.policy)
    draw_matrices(here, run.id, found.policy, prices_of(here, found.prices))
    with ui.element("div").classes("sp-columns"):
        draw_costs(here, found.policy)
        with ui.element("div"):
            draw_publishing(here, run, name or found.policy.scenario, found.force)
            _ways(here, run)
    heading(words.table)
    _segments(here, run, found)
    with ui.element("div").classes("sp-columns"):
        draw_uses(here, found.policy)
        draw_broken(here, found.policy)
    if found.policy.findings:
        heading(words.findings)
        findings(here, found.policy.findings)
    _assumptions(here, found.policy)
    # A cell leads to items; by then the reader should find them at once.
    ui.timer(READY_SECONDS, lambda: here.load(item_pages.ready), once=True)


def _segments(here: Here, run: Run, found: _Read) -> None:
    """The table of all segments, drawn anew once prices are there."""
    place = ui.element("div")
    with place:
        drawn = ui.html(
            segments_table(here, run.id, found.policy, prices_of(here, found.prices)), sanitize=False
        )

    async def renew(prices: Prices) -> None:
        drawn.set_content(str(segments_table(here, run.id, found.policy, prices_of(here, prices))))

    draw_pricing(here, run, found.priced, renew)


def _figures(here: Here, policy: Policy) -> None:
    words = here.words.policy
    cost = None if policy.cost is None else policy.cost.objective
    stock = None if policy.stock_value is None else policy.stock_value.total
    named = [
        (words.cost, f"{money(cost)} {policy.currency}"),
        (words.fill_rate, share(policy.fill_rate)),
        (words.stock_value, f"{money(stock)} {policy.currency}"),
        (words.gap, gap(policy.proof.item_level_gap)),
    ]
    strictest = next(
        (one.cost for one in policy.baselines if one.name == "one_size_strictest" and one.cost), None
    )
    if strictest is not None and cost is not None:
        named.insert(1, (words.saved, f"{money(strictest.objective - cost)} {policy.currency}"))
    if policy.co2e_kg_per_year:
        named.append((words.co2e, f"{policy.co2e_kg_per_year:,.0f}"))
    facts(*named)


def _ways(here: Here, run: Run) -> None:
    words = here.words.policy
    parameters = "item-parameters.csv"
    files = (
        (addresses.download(run.id, "policy.xlsx"), words.excel),
        (addresses.download(run.id, parameters), words.parameters),
        (addresses.download(run.id, parameters, form="odoo"), words.odoo),
        (addresses.download(run.id, parameters, form="erpnext"), words.erpnext),
    )
    on = (
        (addresses.ask_frontier(run.id), words.to_frontier),
        (addresses.ask_sweep(run.id), words.to_sweep),
        (addresses.compare(run.id), words.to_compare),
        (addresses.run(run.id), words.to_proof),
    )
    for head, ways in ((words.files, files), (words.more, on)):
        links = Markup("").join(WAY.format(address, told) for address, told in ways)
        ui.html(WAYS.format(head, head, links), sanitize=False)


def _assumptions(here: Here, policy: Policy) -> None:
    if not policy.assumptions:
        return
    with ui.element("details").classes("sp-details"):
        ui.html(Markup("{}").format(here.words.policy.assumed), tag="summary", sanitize=False)
        lines = Markup("").join(Markup("<li>{}</li>").format(one) for one in policy.assumptions)
        ui.html(Markup('<ul class="sp-assumed">{}</ul>').format(lines), sanitize=False)
