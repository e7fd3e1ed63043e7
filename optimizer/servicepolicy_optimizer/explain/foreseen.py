"""Scenarios that futures start from, and what keeps futures from being weighed against each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.futures import FuturesAsked
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts


class FuturesRejected(ServicePolicyError):
    """These futures cannot be weighed against each other."""

    code = "futures.rejected"


@dataclass(frozen=True)
class Foreseen:
    """A scenario that a future starts from, with its demand."""

    name: str
    scenario: Scenario
    facts: Facts


def what_keeps_apart(starts: Sequence[Foreseen], asked: FuturesAsked) -> Iterator[Finding]:
    """Too few, weights that say nothing, names that repeat, other currencies, bases or matrices."""
    if len(asked.futures) < 2:
        mend = "Name at least one more future, or solve the scenario as it is."
        yield error("/futures", "There is one future; there is nothing to weigh.", "futures.too_few", mend)
    if sum(future.weight for future in asked.futures) <= 0:
        mend = "Give at least one future a weight above zero."
        yield error("/futures", "The weights add up to zero.", "futures.weights", mend)
    names = [future.name for future in asked.futures]
    for n, name in enumerate(names):
        if name in names[:n]:
            mend = "Give each future a name of its own."
            yield error(f"/futures/{n}/name", f"Two futures are called {name!r}.", "futures.same_name", mend)
    if len(starts) != len(names):
        what = f"There are {len(names)} futures and {len(starts)} scenarios."
        yield error("/futures", what, "futures.scenarios", "Name one scenario for all, or one for each.")
        return
    first = starts[0].scenario
    for n, start in enumerate(starts):
        for field, rule in (("currency", "futures.currency"), ("fill_rate_basis", "futures.basis")):
            theirs, ours = getattr(start.scenario, field), getattr(first, field)
            if theirs != ours:
                word = field.replace("_", " ")
                what = f"The {word} of {start.name!r} is {theirs}, of {starts[0].name!r} it is {ours}."
                yield error(f"/futures/{n}", what, rule, f"Use one {word} for all futures.")
        if _matrix(start.scenario) != _matrix(first):
            what = f"{start.name!r} has other classes or regions than {starts[0].name!r}."
            mend = "One policy needs one matrix: give all futures the same classes and regions."
            yield error(f"/futures/{n}", what, "futures.matrix", mend)


def _matrix(scenario: Scenario) -> tuple[object, ...]:
    cut = scenario.segmentation
    return (
        cut.customers.classes,
        cut.items.classes,
        tuple(region.name for region in cut.regions),
        cut.promise_by_region,
    )
