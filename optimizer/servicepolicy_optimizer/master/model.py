"""The master model, as a contents page."""

import pyomo.environ as pyo

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.master.asked import asked
from servicepolicy_optimizer.master.budgets import co2e_budget, inventory_budget, total_cost_budget
from servicepolicy_optimizer.master.capacities import (
    channel_labour,
    location_lines,
    mode_weight,
    process_lines,
    storage,
)
from servicepolicy_optimizer.master.channels import one_channel, path_by_chosen_channel
from servicepolicy_optimizer.master.distinct_promises import (
    distinct_promises,
    one_promise,
    promise_after_path,
    promise_in_use,
    promise_within_plan,
)
from servicepolicy_optimizer.master.garbage import no_garbage_meanwhile
from servicepolicy_optimizer.master.index_sets import index_sets
from servicepolicy_optimizer.master.objective import total_cost
from servicepolicy_optimizer.master.openings import path_needs_open, stock_needs_open
from servicepolicy_optimizer.master.order import (
    better_customer_fill,
    better_customer_promise,
    better_customer_response,
    better_item_fill,
    better_item_promise,
    better_item_response,
)
from servicepolicy_optimizer.master.promise_amounts import promise_amounts
from servicepolicy_optimizer.master.promises import fill_rate_floor, fill_rate_of_items_floor, otif_floor
from servicepolicy_optimizer.master.serving import one_path
from servicepolicy_optimizer.master.serving_amounts import serving_amounts
from servicepolicy_optimizer.master.stocking import columns_of_option, one_stocking_option
from servicepolicy_optimizer.master.stocking_amounts import StockingAmounts, stocking_amounts

WEIGHT_DOMAIN = {False: pyo.NonNegativeReals, True: pyo.Binary}
"""Basis `segment` mixes columns: some items run at one price, some at the next. Basis `every_item` picks one.

No upper bound: the row `columns_of_option` gives it, and a bound beside the row would share its price."""


@no_garbage_meanwhile
def build(scenario: Scenario, choices: Choices) -> pyo.ConcreteModel:
    """The master model: the options, columns, paths, openings and promises that cost least."""
    return contents(scenario, choices, stocking_amounts(scenario, choices))


def contents(scenario: Scenario, choices: Choices, stocking: StockingAmounts) -> pyo.ConcreteModel:
    """The contents page: everything known, decided and asked, with stock in the given amounts."""
    m = pyo.ConcreteModel("master")

    # What is known: plain tables, so that no rule asks the scenario.
    m.asked = asked(scenario, choices)
    m.stocking = stocking
    m.serving = serving_amounts(scenario, choices)
    m.promising = promise_amounts(m.asked, m.serving, choices.lost_by_promise)
    sets = index_sets(m.asked, m.stocking, m.serving, m.promising)

    # Over what the decisions and rules range.
    m.ITEM_CLASS = pyo.Set(initialize=m.stocking.item_classes)
    m.OPTION = pyo.Set(initialize=m.stocking.options)
    m.SHELF = pyo.Set(initialize=tuple(m.stocking.columns_of))
    m.COLUMN = pyo.Set(initialize=m.stocking.columns)
    m.SERVING = pyo.Set(initialize=tuple(m.serving.paths_of))
    m.PATH = pyo.Set(initialize=m.serving.paths)
    m.FACILITY = pyo.Set(initialize=tuple(m.asked.facility_cost))
    m.SEGMENT_WITH_FILL_TARGET = pyo.Set(initialize=sets.fill_target)
    m.SHELF_WITH_FILL_TARGET = pyo.Set(initialize=sets.fill_target_on_shelf)
    m.SEGMENT_WITH_OTIF_TARGET = pyo.Set(initialize=sets.otif_target)
    m.CHANNEL_WITH_CAPACITY = pyo.Set(initialize=sets.channel_with_capacity)
    m.PROCESS_WITH_CAPACITY = pyo.Set(initialize=sets.process_with_capacity)
    m.LOCATION_WITH_LINE_CAPACITY = pyo.Set(initialize=sets.location_with_line_capacity)
    m.LOCATION_WITH_STORAGE_CAPACITY = pyo.Set(initialize=sets.location_with_storage_capacity)
    m.MODE_WITH_CAPACITY = pyo.Set(initialize=sets.mode_with_capacity)
    m.INVENTORY_BUDGET = pyo.Set(initialize=tuple(m.asked.inventory_value))
    m.TOTAL_COST_BUDGET = pyo.Set(initialize=tuple(m.asked.total_cost))
    m.CO2E_BUDGET = pyo.Set(initialize=tuple(m.asked.co2e_kg))
    m.BETTER_CUSTOMER = pyo.Set(initialize=sets.better_customer)
    m.BETTER_CUSTOMER_FILL = pyo.Set(initialize=sets.better_customer_fill)
    m.BETTER_CUSTOMER_PROMISE = pyo.Set(initialize=sets.better_customer_promise)
    m.BETTER_ITEM = pyo.Set(initialize=sets.better_item)
    m.BETTER_ITEM_FILL = pyo.Set(initialize=sets.better_item_fill)
    m.BETTER_ITEM_PROMISE = pyo.Set(initialize=sets.better_item_promise)
    m.CUSTOMER_CLASS_OF_ONE_CHANNEL = pyo.Set(initialize=sets.one_channel)
    m.CHANNEL_OF_CLASS = pyo.Set(initialize=sets.channel_of_class)
    m.PATH_OVER_CHANNEL = pyo.Set(initialize=sets.path_over_channel)
    m.SEGMENT_WITH_PROMISE = pyo.Set(initialize=tuple(m.promising.promises_of))
    m.PROMISE_IN_REGION = pyo.Set(initialize=sets.promise_in_region)
    m.PROMISE = pyo.Set(initialize=m.promising.promises)
    m.DIFFERENT_PROMISE = pyo.Set(initialize=m.promising.different)
    m.COUNTED = pyo.Set(initialize=tuple(m.asked.distinct_promises))
    m.SEGMENT_NEED = pyo.Set(initialize=sets.segment_need)
    m.ITEM_CLASS_NEED = pyo.Set(initialize=sets.item_class_need)

    # What is decided.
    m.stock = pyo.Var(m.OPTION, domain=pyo.Binary)
    m.weight = pyo.Var(m.COLUMN, domain=WEIGHT_DOMAIN[m.asked.every_item])
    m.path = pyo.Var(m.PATH, domain=pyo.Binary)
    m.open = pyo.Var(m.FACILITY, domain=pyo.Binary)
    m.choose_channel = pyo.Var(m.CHANNEL_OF_CLASS, domain=pyo.Binary)
    m.promise = pyo.Var(m.PROMISE, domain=pyo.Binary)
    m.used = pyo.Var(m.DIFFERENT_PROMISE, domain=pyo.Binary)
    m.nothing = pyo.Var(bounds=(0.0, 0.0))

    # How item classes are stocked and segments served.
    m.one_stocking_option = pyo.Constraint(m.ITEM_CLASS, rule=one_stocking_option)
    m.columns_of_option = pyo.Constraint(m.SHELF, rule=columns_of_option)
    m.one_path = pyo.Constraint(m.SERVING, rule=one_path)

    # What is promised.
    m.fill_rate_floor = pyo.Constraint(m.SEGMENT_WITH_FILL_TARGET, rule=fill_rate_floor)
    m.fill_rate_of_items_floor = pyo.Constraint(m.SHELF_WITH_FILL_TARGET, rule=fill_rate_of_items_floor)
    m.otif_floor = pyo.Constraint(m.SEGMENT_WITH_OTIF_TARGET, rule=otif_floor)

    # What the means can take.
    m.channel_labour = pyo.Constraint(m.CHANNEL_WITH_CAPACITY, rule=channel_labour)
    m.process_lines = pyo.Constraint(m.PROCESS_WITH_CAPACITY, rule=process_lines)
    m.location_lines = pyo.Constraint(m.LOCATION_WITH_LINE_CAPACITY, rule=location_lines)
    m.storage = pyo.Constraint(m.LOCATION_WITH_STORAGE_CAPACITY, rule=storage)
    m.mode_weight = pyo.Constraint(m.MODE_WITH_CAPACITY, rule=mode_weight)

    # What may be spent.
    m.inventory_budget = pyo.Constraint(m.INVENTORY_BUDGET, rule=inventory_budget)
    m.total_cost_budget = pyo.Constraint(m.TOTAL_COST_BUDGET, rule=total_cost_budget)
    m.co2e_budget = pyo.Constraint(m.CO2E_BUDGET, rule=co2e_budget)

    # What the policy must look like.
    m.better_customer_fill = pyo.Constraint(m.BETTER_CUSTOMER_FILL, rule=better_customer_fill)
    m.better_customer_response = pyo.Constraint(m.BETTER_CUSTOMER, rule=better_customer_response)
    m.better_customer_promise = pyo.Constraint(m.BETTER_CUSTOMER_PROMISE, rule=better_customer_promise)
    m.better_item_fill = pyo.Constraint(m.BETTER_ITEM_FILL, rule=better_item_fill)
    m.better_item_response = pyo.Constraint(m.BETTER_ITEM, rule=better_item_response)
    m.better_item_promise = pyo.Constraint(m.BETTER_ITEM_PROMISE, rule=better_item_promise)
    m.one_channel = pyo.Constraint(m.CUSTOMER_CLASS_OF_ONE_CHANNEL, rule=one_channel)
    m.path_by_chosen_channel = pyo.Constraint(m.PATH_OVER_CHANNEL, rule=path_by_chosen_channel)
    m.one_promise = pyo.Constraint(m.SEGMENT_WITH_PROMISE, rule=one_promise)
    m.promise_within_plan = pyo.Constraint(m.PROMISE_IN_REGION, rule=promise_within_plan)
    m.promise_after_path = pyo.Constraint(m.SEGMENT_WITH_PROMISE, rule=promise_after_path)
    m.promise_in_use = pyo.Constraint(m.PROMISE, rule=promise_in_use)
    m.distinct_promises = pyo.Constraint(m.COUNTED, rule=distinct_promises)

    # What is paid for before it is used.
    m.path_needs_open = pyo.Constraint(m.SEGMENT_NEED, rule=path_needs_open)
    m.stock_needs_open = pyo.Constraint(m.ITEM_CLASS_NEED, rule=stock_needs_open)

    m.total_cost = pyo.Objective(rule=total_cost, sense=pyo.minimize)
    return m
