"""The parts of the cost, and the policies it is compared with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """The six parts: each field is the word of the model."""

    response: str = "Response"
    inventory: str = "Inventory"
    supply: str = "Supply"
    transport: str = "Transport"
    warehousing: str = "Warehousing"
    lost_sales: str = "Lost sales"


@dataclass(frozen=True)
class KnownPolicies:
    """Policies beside the one that was found: each field is the word of the model."""

    this_policy: str = "This policy"
    current_policy: str = "Today’s policy"
    policy_in_force: str = "Today’s policy"
    one_size_strictest: str = "One promise for all, the strictest"
    one_size_average: str = "One promise for all, the average"
    unconstrained: str = "No promises"
    no_promises: str = "No promises"


@dataclass(frozen=True)
class Means:
    """What a segment gets: each field is the word of the model."""

    segment: str = "Segment"
    promised_fill_rate: str = "Promised fill rate"
    promised_response_hours: str = "Promised response"
    channel: str = "Order channel"
    process: str = "Process"
    mode: str = "Transport"
    frequency: str = "Shipping"
    supply: str = "Supply"
    deployment: str = "Deployment"
    stock_policy: str = "Shelf"
    pooled: str = "pooled"
    separate: str = "separate"
    rationed: str = "rationed"
