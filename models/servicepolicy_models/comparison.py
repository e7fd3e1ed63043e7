"""Why the answer moved from one run to the next: what changed in the question, and what each change cost."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from servicepolicy_models.cost import Cost
from servicepolicy_models.noun import Name, Noun


class InputGroup(StrEnum):
    """What the inputs of a run speak of."""

    DEMAND = "demand"
    """Order lines or inline demand, sizes of items, days in a year."""
    CLASSES = "classes"
    """Classes of customers and items, regions."""
    PROMISES = "promises"
    """Targets, terms, the promise ladder, and what a fill rate refers to."""
    MEANS = "means"
    """Which channels, processes, modes, suppliers, locations and deployments there are, and for whom."""
    COSTS = "costs"
    """What means, stock, pieces short and items cost."""
    TIMES = "times"
    """Lead times, review periods, response times, shipping frequencies."""
    LIMITS = "limits"
    """Capacities, budgets and policy rules."""
    SEARCH = "search"
    """How long and how finely is searched."""
    ENGINE = "engine"
    """The program: what it answered then, and what it answers now to the same question."""


class ComparisonQuestion(Noun):
    """Which saved runs are compared, each with the one before, and how the difference is shared out."""

    runs: Annotated[tuple[Name, ...], Field(min_length=2, max_length=6)]
    """Ids of runs that hold a policy, the earliest first."""
    in_order: tuple[InputGroup, ...] = ()
    """Change the inputs in this order; absent: the mean over all orders."""
    most_solves: Annotated[int, Field(ge=2, le=4096)] = 64
    """Where all orders need more mixtures than this, one order is taken."""


class InputChange(Noun):
    """One difference between two questions."""

    where: str
    """JSON Pointer into the later scenario; of what is gone, into the earlier one."""
    group: InputGroup | None
    """None: no cost depends on it (names, notes, the policy in force)."""
    sentence: str


class Contribution(Noun):
    """What the change of some inputs adds to the yearly cost."""

    groups: tuple[InputGroup, ...]
    """One, or several that only have a policy together."""
    amount: float
    """In whole cents: the amounts of a difference add up to it exactly."""
    parts: Cost
    """The same by part of the cost, not rounded."""
    sentence: str


class SegmentChange(Noun):
    """One thing that a segment gets differently."""

    customer_class: str
    item_class: str
    region: str
    what: str
    """Field of the segment's policy, such as `mode`; `segment` where the segment itself is new or gone."""
    before: str
    after: str
    because: tuple[tuple[InputGroup, ...], ...] = ()
    """Smallest sets of inputs whose change alone brings it about; under a stated order the step that did."""
    sentence: str


class UnmixableInputs(Noun):
    """A mixture of both questions that has no answer, so no amount can be measured through it."""

    changed: tuple[InputGroup, ...]
    """The groups taken from the later question."""
    why: str


class Difference(Noun):
    """Two runs, the earlier and the later. Money per year."""

    before: str
    after: str
    """Names of the runs."""
    cost_before: float
    cost_after: float
    """TLC + LSC, in whole cents."""
    moved: float
    """cost_after - cost_before."""
    method: Literal["shapley", "stated_order"]
    """`shapley`: the average over every order in which the groups can change (Shapley 1953). `stated_order`:
    one group after the other, as `order` says."""
    order: tuple[InputGroup, ...]
    """The groups that differ, in the order of changing where one is stated."""
    orders_counted: int
    """Over how many orders the amounts are averages."""
    solves: int
    """Mixtures of both questions that were solved."""
    as_recorded: tuple[str, ...] = ()
    """Runs whose policy this program cannot find again: their cost is the recorded one."""
    unmixable: tuple[UnmixableInputs, ...] = ()
    changes: tuple[InputChange, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    segments: tuple[SegmentChange, ...] = ()
    sentence: str
    """The whole difference in a sentence or two."""


class SegmentationValue(Noun):
    """What a run's policy saves against one promise for all."""

    run: str
    baseline: str
    """`one_size_strictest` or `one_size_average`."""
    keeps_every_promise: bool
    """Whether the one promise for all keeps what the scenario asks."""
    saved: float | None
    """Currency a year; None where no such policy can be built."""
    sentence: str


class Comparison(Noun):
    """Two or more runs, each compared with the one before."""

    schema_version: Literal["1"] = "1"
    currency: str
    runs: tuple[str, ...]
    differences: tuple[Difference, ...]
    segmentation: tuple[SegmentationValue, ...]
    complete: bool = True
    """False: it was stopped. Of the last difference only some mixtures were solved: groups that were not
    measured apart share an amount, and what segments get differently is left out."""
