"""Frontier, comparison and sweep: asked, watched, opened."""

import pytest

from servicepolicy_api.page import addresses
from tests.page.questions import SMALL, long_question

BY_PART, BY_INPUT = "By part of the cost, EUR a year", "By what changed in the question, EUR a year"


def adds_up(rows):
    """Whether the steps of a bridge lead from its first row to its last, to the cent."""
    cents = [round(100 * float(row[1].replace(",", ""))) for row in rows]
    return cents[0] + sum(cents[1:-1]) == cents[-1]


def test_a_point_of_a_frontier_is_opened_and_its_policy_found(browser, questions):
    questions.keep("to trade", SMALL)
    browser.go(addresses.ask_frontier(scenario="to trade")).fill("Points", "4").press("\ue004")
    browser.look_closely().click("Find the frontier").see("Cost against service: to trade v1", "you are here")
    rows = browser.click("As a table").rows("Yearly cost against Fill rate, EUR")
    assert len(rows) == 4 and [float(row[0]) for row in rows] == sorted(float(row[0]) for row in rows)
    browser.look_closely().click(f"Open the point at {rows[1][0]} %").see("The point at", "Solve this point")
    browser.look_closely().click("Solve this point")
    browser.until(lambda: "/runs/" in browser.path, "the run of the point")
    browser.see("cheapest policy that keeps every promise").click("See the policy").see("Policy: small (")
    browser.driver.back()
    browser.driver.back()
    browser.driver.refresh()
    browser.see("See its policy").click("See its policy").see("Policy: small (")


def test_runs_are_compared_and_the_bridge_adds_up(browser, solved, dearer):
    browser.go(addresses.compare(dearer)).see("One more run is needed")
    for run in (solved, dearer):
        box = browser.find(f"input[value='{run}']")
        if not box.is_selected():
            box.click()
    browser.look_closely().click("Compare those chosen").see("Side by side")
    browser.see("From stock v1 to stock v2").go(addresses.compare(solved, dearer))
    browser.see("Carrying rate per year: 0.4 instead of 0.25.", "The cost rises by")
    by_part = browser.rows(BY_PART)
    assert len(by_part) == 8 and adds_up(by_part)
    browser.look_closely().click("Explain by what changed").see(BY_INPUT)
    by_input = browser.rows(BY_INPUT)
    assert adds_up(by_input) and by_input[1][0] == "Costs"
    assert [by_input[0], by_input[-1]] == [by_part[0], by_part[-1]]
    browser.go(addresses.compare(solved, dearer)).see(BY_INPUT).look_closely()
    browser.may_say = ("422",)
    browser.go(addresses.compare(solved, "01890a5d-ac96-774b-bcce-b302099a8057")).see(
        "What is named cannot be asked about"
    )


def test_a_sweep_over_two_figures_shows_results_as_they_come(browser, questions):
    questions.keep("to sweep", long_question())
    browser.go(addresses.ask_sweep(scenario="to sweep")).click("Solve all points").see(
        "These are no numbers."
    )
    browser.fill("Values of the first", "0.15; 0,25").press("\ue004").click("Solve all points")
    browser.see("These are no numbers.").fill("Values of the first", "0.15; 0.25; 0.3, 0.35 0.4 0.45").press(
        "\ue004"
    )
    browser.click("Solve all points")
    browser.see("Sweep: to sweep v1", "points have ended", "waits").look_closely()
    browser.until(lambda: browser.rows("All points")[0][2] != "–", "the first point")
    browser.click("Stop, keep the points that have ended").see("cancelled")
    rows = browser.rows("All points")
    assert len(rows) == 6 and rows[0][-1] == "best policy" and rows[-1][-1] != "best policy"
    browser.click("Fill rate").see("Fill rate by carrying rate per year")


def test_the_heat_map_of_a_sweep_leads_to_its_points(browser, questions):
    questions.keep("to map", SMALL)
    browser.go(addresses.ask_sweep(scenario="to map")).fill("Values of the first", "0.2 0.3").press("\ue004")
    browser.fill("Second figure", "targets · B · fill rate").fill(
        "Values of the second", "0.6 0.8 0.9"
    ).press("\ue004")
    browser.look_closely().click("Solve all points").see("6 of 6 points have ended", "done").look_closely()
    rows = browser.rows("Cost a year by carrying rate per year and targets · B · fill rate")
    costs = [[float(cell.replace(",", "")) for cell in row[1:]] for row in rows]
    assert [row[0] for row in rows] == ["0.2", "0.3"] and costs[0][0] < costs[1][0]
    assert costs[0] == sorted(costs[0]) and sum(map(len, costs)) == 6
    browser.find(".sp-heat td a").click()
    browser.see("Policy: to map v1, changed")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_is_there_in_chinese_in_both_colours(browser, theme, solved, dearer):
    browser.go(addresses.look(addresses.RUNS, theme=theme)).go(addresses.look(addresses.RUNS, language="zh"))
    for address, words in (
        (addresses.RUNS, "最优策略"),
        (addresses.run(solved), "这是满足全部承诺的最低成本策略"),
        (addresses.policy(solved), "将此策略投入使用"),
        (addresses.segment(solved, "A", "X", "*"), "再订货点"),
        (addresses.POLICIES, "现行策略"),
        (addresses.FRONTIERS, "求前沿"),
        (addresses.compare(solved, dearer), "按成本组成部分"),
        (addresses.ask_sweep(solved), "求解全部点"),
        (addresses.solve("stock"), "限时回答"),
    ):
        browser.go(address).see(words).look_closely()
