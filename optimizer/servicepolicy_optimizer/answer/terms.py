"""The terms that go with a segment's promise."""

from servicepolicy_models.policy import SegmentTerms
from servicepolicy_optimizer import targets


def carried(terms: targets.SegmentTerms) -> SegmentTerms:
    """The terms as the answer repeats them."""
    return SegmentTerms(
        returns_share_of_lines=terms.returns_share_of_lines,
        value_added_cost_per_line=terms.value_added_cost_per_line,
        minimum_order_value=terms.minimum_order_value,
        small_order_surcharge=terms.small_order_surcharge,
        consolidation=terms.consolidation,
    )
