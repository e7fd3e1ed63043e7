"""Items of a segment, page by page."""

import pytest

from servicepolicy_api.item_pages import PAGE, ItemsAsked, item_page
from servicepolicy_api.kinds.tables import parquet_of_items
from tests.api.policies import item


@pytest.fixture
def file(tmp_path):
    """120 items, the last the most wanted; and one on another shelf, elsewhere, of another class."""
    items = [item(f"part-{n:03}").model_copy(update={"demand_pieces_per_year": float(n)}) for n in range(120)]
    others = [{"shelf": "A"}, {"location": "Leeds"}, {"item_class": "B"}]
    items += [
        item(f"other-{n}").model_copy(update={"demand_pieces_per_year": 0.0, **changed})
        for n, changed in enumerate(others)
    ]
    path = tmp_path / "items"
    path.write_bytes(parquet_of_items(items))
    return path


def test_the_most_wanted_come_first_and_every_item_comes_once(file):
    pages = [item_page(file, ItemsAsked("A", "A", "Kassel", page=number)) for number in (1, 2, 3)]
    assert [(page.first, len(page.rows), page.count) for page in pages] == [
        (1, PAGE, 121), (51, PAGE, 121), (101, 21, 121),
    ]  # fmt: skip
    names = [row["item"] for page in pages for row in page.rows]
    assert names[0] == "part-119" and len(set(names)) == 121 and names[-1] == "part-000"
    assert pages[0].rows[0]["critical_level_pieces"] == {"A": 0.0, "B": 6.0}


def test_a_page_beyond_the_last_is_the_last(file):
    assert item_page(file, ItemsAsked("A", "A", "Kassel", page=99)).first == 101


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (ItemsAsked("B", "A", "Kassel", "OTHER"), []),
        (ItemsAsked("A", "A", "Kassel", "OTHER"), ["other-0"]),
        (ItemsAsked("A", "A", None, "other"), ["other-0", "other-1"]),
        (ItemsAsked("B", "A", "Leeds"), ["other-1"]),
        (ItemsAsked("A", "B"), ["other-2"]),
        (ItemsAsked("A", "A", "Kassel", "part-.*"), []),
    ],
)
def test_only_what_the_class_is_served_from_and_what_is_sought(file, asked, names):
    assert [row["item"] for row in item_page(file, asked).rows] == names
