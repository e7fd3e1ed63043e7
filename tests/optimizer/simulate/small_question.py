"""A small scenario, its demand and its policy, made once and played often."""

from dataclasses import dataclass
from functools import cache

from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import SimulationSettings
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import scenario_sha256
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.simulate import simulate

LANE = {"bands": [{"cost_per_shipment": 4}], "time": {"mean_hours": 30, "sd_hours": 6}}
NO_CLOCK = lambda: 0.0  # noqa: E731
NO_WORD = lambda *_: None  # noqa: E731


@dataclass(frozen=True)
class Question:
    """Everything that a simulation is made from."""

    scenario: Scenario
    facts: Facts
    policy: Policy

    def simulated(self, **settings):
        """Play the policy."""
        given = SimulationSettings(**({"years": 2.0, "runs": 4} | settings))
        return simulate(self.scenario, self.facts, self.policy, given)

    def with_policy(self, **changes):
        """The same question with another policy."""
        return Question(self.scenario, self.facts, self.policy.model_copy(update=changes))


def document(stock_policy="pooled", sizes=(1.0, 1.0), **changes):
    """Two customer classes, two regions, two item classes with three items each; lines of a mean size."""
    mean, second = sizes
    items = [
        {
            "item": f"{item_class}{n}",
            "item_class": item_class,
            "unit_cost": 5.0 * (n + 1),
            "unit_price": 10.0 * (n + 1),
            "demand": [
                {
                    "customer_class": customer,
                    "region": region,
                    "pieces_per_day": rate * mean,
                    "lines_per_day": rate,
                    "order_size_second_moment_pieces2": second,
                }
                for customer, share in (("A", 0.4), ("B", 0.6))
                for region, part in (("north", 0.7), ("south", 0.3))
                for rate in ((0.4 + 0.5 * n) * share * part,)
            ],
        }
        for item_class in ("X", "Y")
        for n in range(3)
    ]
    return {
        "name": "small",
        "currency": "EUR",
        "demand": {"kind": "inline", "items": items},
        "segmentation": {
            "customers": {"classes": ["A", "B"], "measure": "given", "cut_offs": []},
            "items": {"classes": ["X", "Y"], "measure": "given", "cut_offs": []},
            "regions": [{"name": "north", "values": ["n"]}, {"name": "south", "values": ["*"]}],
        },
        "targets": [
            {"customer_class": "A", "fill_rate": 0.95, "response_hours": 48},
            {"customer_class": "B", "fill_rate": 0.85},
        ],
        "channels": [{"name": "web", "time": {"mean_hours": 1}}],
        "processes": [{"name": "wave", "time": {"mean_hours": 4, "sd_hours": 2}}],
        "modes": [{"name": "road", "lanes": [LANE]}],
        "supply": [
            {
                "name": "near",
                "fixed_cost_per_order": 6,
                "lead_time_mean_days": 8,
                "minimum_order_pieces": 2,
            }
        ],
        "locations": [{"name": "Leeds"}, {"name": "Bath", "extra_lead_time_days": 2}],
        "deployments": [{"name": "two", "serves": {"south": "Bath", "*": "Leeds"}}],
        "stock_policies": [stock_policy],
        "carrying_rate_per_year": 0.25,
        "limits": {"rungs": 8, "price_levels": 6},
    } | changes


@cache
def question(stock_policy="pooled", sizes=(1.0, 1.0)):
    """Solved once."""
    return solved(document(stock_policy, sizes))


def solved(given):
    """A document as a question with its policy."""
    scenario = Scenario.model_validate(given)
    facts = inline_facts(scenario)
    return Question(scenario, facts, recommend(scenario, facts, NO_CLOCK, NO_WORD))


def put_to(given, policy):
    """Another document with the same policy, as if it were the answer."""
    scenario = Scenario.model_validate(given)
    facts = inline_facts(scenario)
    marks = {"scenario_sha256": scenario_sha256(scenario), "demand_sha256": facts.sha256}
    proof = policy.proof.model_copy(update=marks)
    return Question(scenario, facts, policy.model_copy(update={"proof": proof}))
