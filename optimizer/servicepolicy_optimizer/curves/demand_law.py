"""Which demand law the scenario asks for."""

from servicepolicy_models.means import DemandLaw
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.inventory.shelf_laws import AUTO, Law

CODE_OF = {
    DemandLaw.AUTO: AUTO,
    DemandLaw.NORMAL: int(Law.NORMAL),
    DemandLaw.GAMMA: int(Law.GAMMA),
    DemandLaw.POISSON: int(Law.POISSON),
    DemandLaw.NEGATIVE_BINOMIAL: int(Law.NEGATIVE_BINOMIAL),
    DemandLaw.COMPOUND: int(Law.COMPOUND),
}


def asked_law(scenario: Scenario, item_class: str) -> int:
    """Code of the law that the last fitting choice names; `AUTO` where none does."""
    named = [one.law for one in scenario.demand_laws if one.item_class in ("*", item_class)]
    return CODE_OF[named[-1]] if named else AUTO
