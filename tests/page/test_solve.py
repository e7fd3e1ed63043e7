"""A solve from its beginning to its policy; stopped, infeasible, failed, and with a restart in the middle."""

from servicepolicy_api.page import addresses
from tests.page.questions import TIGHT, long_question


def test_a_solve_is_begun_by_a_form_followed_live_and_leads_to_its_policy(browser, questions):
    questions.keep("parts to solve", long_question())
    browser.go(addresses.solve("parts to solve")).fill("Answer within (seconds)", "soon").click(
        "Solve", "button"
    )
    browser.see("This is no number in range. Write a number above zero.")
    browser.look_closely().go(addresses.solve("parts to solve")).click("Solve", "button")
    browser.see("Solve: parts to solve v1", "running", "Now: ", "Baselines").look_closely()
    assert browser.find("[role=progressbar]").get_attribute("aria-valuenow") != "100"
    run = browser.path
    questions.ended(questions.of(run))
    browser.see("This is the cheapest policy that keeps every promise.", "best policy")
    browser.click("As a table")
    caption = "Best policy found and bound, EUR a year"
    seconds, cost, bound, gap = browser.rows(caption)[-1]
    objective = questions.send("GET", f"/v1/runs/{questions.of(run)}/policy")["proof"]["objective"]
    assert float(seconds) > 0 and cost == f"{objective:,.0f}" and bound < cost and gap.endswith(" %")
    browser.look_closely().click("See the policy").see("Policy: parts to solve v1", "99 %")
    assert browser.path == f"{run}/policy"
    browser.go(addresses.runs("parts to solve")).see("best policy", cost)


def test_a_solve_that_is_stopped_keeps_what_it_found(browser, questions):
    questions.keep("parts to stop", long_question(carrying_rate_per_year=0.2))
    browser.go(addresses.solve("parts to stop")).click("Solve", "button").see("running", "A first policy")
    browser.click("Stop, keep what was found").see("cancelled", "Stopped before")
    assert questions.ended(questions.of(browser.path))["state"] == "cancelled"


def test_an_infeasible_scenario_is_repaired_by_one_click_and_its_child_is_solved(browser, questions):
    questions.keep("tight", TIGHT)
    run = questions.asked("runs", base={"name": "tight"})
    browser.go(addresses.run(run)).see("infeasible", "What contradicts what").look_closely()
    browser.click("Find repairs").see("Repair 1", "a year in all", "Apply and solve").look_closely()
    assert "inventory budget" in browser.text and "instead of 300" in browser.text
    browser.click("Apply and solve").see("Solve: tight v2", "This is the cheapest policy")
    child = questions.send("GET", "/v1/scenarios/tight")
    assert (child["version"], child["parent_version"]) == (2, 1)
    browser.go(addresses.run(run)).see("Repair 1").click("Apply and solve")
    browser.see("Somebody else saved a newer version in the meantime")
    browser.fill("Keep the repaired scenario under", "loose").press("\ue007")
    browser.click("Apply and solve").see("Solve: loose v1")


def test_a_run_that_failed_says_why(browser, questions):
    run = questions.asked("prices", scenario=TIGHT | {"budgets": {"inventory_value": 1.0}})
    browser.go(addresses.run(run)).see("failed", "The run failed.")


def test_a_restart_in_the_middle_of_a_run_loses_nothing(browser, questions, server):
    browser.may_say = ("WebSocket", "ERR_CONNECTION", "Failed to load resource")
    questions.keep("parts to survive", long_question(carrying_rate_per_year=0.21))
    browser.go(addresses.solve("parts to survive")).click("Solve", "button").see("running")
    run = browser.path
    server.restart()
    assert questions.ended(questions.of(run))["attempt"] == 2
    assert browser.see("See the policy", "attempt 2").path == run
