"""What the rules that compare promises make of a faster one."""

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.paths.ground import Ground


def faster_can_be_better(ground: Ground, segment: Segment) -> bool:
    """Whether a rule gives this segment a reason to be promised less than its stock would spare: a worse one
    is compared with it, or different promises are counted.
    """
    rules, facts = ground.scenario.rules, ground.facts
    not_last_customer = segment[0] != facts.customer_classes[-1]
    not_last_item = segment[1] != facts.item_classes[-1]
    return (
        rules.distinct_promises_at_most is not None
        or (rules.better_customer_never_served_worse and not_last_customer)
        or (rules.better_item_never_served_worse and not_last_item)
    )


def faster_can_be_worse(ground: Ground, segment: Segment) -> bool:
    """Whether a rule keeps this segment from being promised more than a better one."""
    rules, facts = ground.scenario.rules, ground.facts
    not_best_customer = segment[0] != facts.customer_classes[0]
    not_best_item = segment[1] != facts.item_classes[0]
    return (rules.better_customer_never_served_worse and not_best_customer) or (
        rules.better_item_never_served_worse and not_best_item
    )
