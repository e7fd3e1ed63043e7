"""A bridge adds up to the cent, whatever its parts are."""

from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_api.page.figures.bridge import CENTS, in_cents, of_parts
from servicepolicy_models.cost import COST_PARTS, Cost

MONEY = st.floats(-1e6, 1e6, allow_nan=False)
PARTS = st.lists(MONEY, min_size=len(COST_PARTS), max_size=len(COST_PARTS))


@given(PARTS, PARTS)
def test_the_steps_lead_from_one_total_to_the_other(before, after):
    first, second = (Cost(**dict(zip(COST_PARTS, parts, strict=True))) for parts in (before, after))
    bridge = of_parts(COST_PARTS, "a", "b", first, second)
    assert bridge.before_cents == round(CENTS * first.objective)
    assert bridge.after_cents == round(CENTS * second.objective)
    for (name, cents), one, other in zip(bridge.steps, before, after, strict=True):
        assert name in COST_PARTS and abs(cents - CENTS * (other - one)) <= 1 + 1e-3


@given(st.lists(MONEY, min_size=1, max_size=9))
def test_no_part_moves_by_more_than_a_cent(parts):
    total = sum(parts)
    cents = in_cents(parts, total)
    assert sum(cents) == round(CENTS * total)
    assert all(abs(one - CENTS * part) <= 1 + 1e-3 for one, part in zip(cents, parts, strict=True))
