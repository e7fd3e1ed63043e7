"""Scenarios begun from an example, a file and a copy; their profile."""

import pytest
from xlsxwriter import Workbook

from servicepolicy_api.page import addresses

HEADS = ["order_no", "item_no", "qty", "order_date", "unit_price", "customer"]


def lines(count=240):
    """Order lines of a year, a few customers and items."""
    for number in range(count):
        day = f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}"
        yield [number // 3, f"P{number % 7}", 1 + number % 4, day, 10 + number % 7, f"C{number % 11}"]


def csv_of(path, rows, heads=HEADS):
    text = "\n".join(",".join(map(str, row)) for row in [heads, *rows])
    path.write_text(f"{text}\n", encoding="utf-8")
    return str(path)


def xlsx_of(path, rows):
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADS, *rows]):
            sheet.write_row(number, 0, row)
    return str(path)


@pytest.fixture(scope="module")
def wholesaler(driver, server):
    """The name of a scenario with order lines, begun from an example."""
    from tests.page.browser import reading

    with reading(driver, server.address) as browser:
        browser.go(addresses.new_scenario()).fill("Name of the scenario (synthetic-wholesaler)", "wholesaler")
        browser.click("Begin with it: synthetic-wholesaler").see("Solve this version")
    return "wholesaler"


def test_an_example_becomes_a_scenario_and_a_copy_knows_where_it_comes_from(browser):
    browser.go(addresses.new_scenario()).look_closely()
    browser.fill("Name of the scenario (spare-parts)", "parts / all").click("Begin with it: spare-parts")
    browser.see("neither / nor : in it").fill("Name of the scenario (spare-parts)", "parts 一号")
    browser.click("Begin with it: spare-parts").see("Solve this version", "12 items, given as figures")
    assert browser.path == addresses.scenario("parts 一号")
    browser.look_closely().click("Copy under a new name").see("From a copy")
    browser.field("Name of the scenario").send_keys("parts, copied")
    browser.click("Make the copy").see("Solve this version")
    (row,) = browser.rows("Versions")
    assert row[2] == "parts 一号, version 1"
    browser.click("parts 一号, version 1").see("Made of this scenario", "parts, copied, version 1")
    browser.go(addresses.SCENARIOS).see("parts, copied", "parts 一号")


def test_a_name_is_given_once(browser):
    for answer in ("Solve this version", "the name is taken"):
        browser.go(addresses.new_scenario()).fill("Name of the scenario (spare-parts)", "taken")
        browser.click("Begin with it: spare-parts").see(answer)


@pytest.mark.parametrize("write", [csv_of, xlsx_of], ids=["csv", "xlsx"])
def test_order_lines_become_a_scenario(browser, tmp_path, write):
    ending = write.__name__.partition("_")[0]
    file = write(tmp_path / f"lines-{ending}.{ending}", list(lines()))
    browser.go(addresses.new_scenario()).fill("File with order lines", file).see("Columns of lines-")
    assert browser.rows("First rows")[0][:3] == ["0", "P0", "1"]
    assert browser.field("Quantity, pieces · needed").get_attribute("value") == "qty"
    browser.look_closely().click("Check all rows").see("All 240 rows can be read.")
    browser.click("Make the scenario").see("Solve this version", f"order lines, lines-{ending}.{ending}")


def test_wrong_files_are_told_row_by_row(browser, tmp_path):
    browser.may_say = ("415", "422")
    odd = tmp_path / "picture.png"
    odd.write_bytes(b"\x89PNG")
    browser.go(addresses.new_scenario()).fill("File with order lines", str(odd)).see("must end in .csv")
    hollow = tmp_path / "hollow.csv"
    hollow.write_text("")
    browser.fill("File with order lines", str(hollow)).see("is empty")
    rows = list(lines())
    rows[4][2], rows[9][3] = "many", "soon"
    browser.fill("File with order lines", csv_of(tmp_path / "wrong.csv", rows)).see("Columns of wrong.csv")
    browser.click("Check all rows")
    browser.see("holds no number at line 6: 'many'", "holds no date at line 11: 'soon'")
    browser.look_closely().fill("Order number · needed", "(not in the file)").click("Make the scenario")
    browser.see("Choose the column.")


def test_the_profile_shows_who_buys_what_as_picture_and_as_table(browser, wholesaler):
    browser.go(addresses.profile(wholesaler)).see("Customers and items", "From the file to the demand")
    matrix = browser.rows("Share of revenue")
    assert [row[0] for row in matrix] == ["Customers A", "Customers B", "Customers C"]
    shares = [float(cell.removesuffix(" %")) for row in matrix for cell in row[1:]]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    # The twin of the picture says the same as the classes.
    classes = {row[0]: row[7] for row in browser.rows("Customers by class, ranked by revenue")}
    margins = {row[0]: row[1] for row in browser.rows("Margin by customer class, EUR")}
    assert {name: margins[name] for name in classes} == classes
    browser.click("As a table")
    browser.until(lambda: browser.find("figure details[open] table"), "the table of the first chart")
    browser.look_closely().click("North")
    browser.until(lambda: browser.path.endswith("region=North"), "the region's address")
    assert browser.rows("Share of revenue") != matrix


def test_figures_have_no_profile_and_the_page_says_so(browser):
    browser.go(addresses.new_scenario()).fill("Name of the scenario (spare-parts)", "only figures")
    browser.click("Begin with it: spare-parts").see("Solve this version")
    browser.go(addresses.profile("only figures")).see("there are no order lines to look at")
    browser.go(addresses.PROFILES).click("only figures").see("there are no order lines to look at")
