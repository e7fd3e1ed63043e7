"""docs/formulation.md says what the model says."""

import re
from types import ModuleType

from docs import build


def test_the_committed_formulation_is_what_the_docstrings_say(capsys):
    assert build.main(["--check"]) == 0, capsys.readouterr().out


def stock_within_budget(m):
    """Σ_k value_eur[k] · weight[k] ≤ budget_eur

    Stock is bought within the budget.
    """


def not_a_rule(options):
    """Options come from somewhere."""


def test_a_rule_is_a_function_of_the_model_and_brings_formula_and_sentence():
    module = ModuleType("servicepolicy_optimizer.master.budgets", "What may be spent.")
    for function in (stock_within_budget, not_a_rule):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    assert build.chapter([module]) == (
        "### Budgets\n\nWhat may be spent.\n\n#### `stock_within_budget`\n\n"
        "    Σ_k value_eur[k] · weight[k] ≤ budget_eur\n\nStock is bought within the budget.\n\n"
    )


def test_what_is_written_by_hand_stays():
    page = f"# Title\n\nBy hand.\n\n{build.BEGIN}\nold\n{build.END}\n\nAlso by hand.\n"
    renewed = build.with_chapter(page, "new\n")
    assert renewed == f"# Title\n\nBy hand.\n\n{build.BEGIN}\n\nnew\n{build.END}\n\nAlso by hand.\n"
    assert build.with_chapter(renewed, "new\n") == renewed


def test_a_page_without_markers_gets_them():
    assert build.with_chapter("# Title\n", "new\n") == f"# Title\n\n{build.BEGIN}\n\nnew\n{build.END}\n"


def test_sections_and_rules_come_in_the_order_of_the_build_function():
    names = ["first", "second", "third"]
    modules = {name: ModuleType(f"servicepolicy_optimizer.master.{name}", f"The {name}.") for name in names}
    for name, module in modules.items():
        scope = {"__name__": module.__name__}
        exec(f"def {name}(m):\n    'x = 1'\ndef {name}_too(m):\n    'x = 2'\n", scope)
        module.__dict__.update({key: value for key, value in scope.items() if callable(value)})
    contents = "Constraint(rule=third_too)\nConstraint(rule=third)\nConstraint(rule=first)"
    told = re.findall(r"^#+ `?(\w+)`?$", build.chapter(list(modules.values()), contents), flags=re.MULTILINE)
    assert " ".join(told) == "Third third_too third First first first_too Second second second_too"
