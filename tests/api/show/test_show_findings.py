"""How often something is stands once in a finding."""

import pytest

from servicepolicy_api.show.findings import finding_text
from servicepolicy_models.errors import warning


@pytest.mark.parametrize(
    ("what", "is_added"),
    [
        ("1,223 rows of returns.", False),
        ("empty at lines 3, 5, ... (1223 in all).", False),
        ("Every row counts.", True),
        ("11,223 rows of returns.", True),
        ("1,223.5 pieces.", True),
    ],
)
def test_a_count_is_added_where_the_sentence_has_none(what, is_added):
    text = finding_text(warning("lines.csv", what, "table.rule", "Look.", 1223)).plain
    assert ("(1,223 times)" in text) is is_added
