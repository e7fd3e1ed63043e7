"""Write docs/scenario.md: every field of a scenario by subject, with examples, and the rules between fields.

Fields, meanings and bounds come from the models, examples from the scenarios that are shipped, rules from the
docstrings of the consistency checks. So the page cannot fall behind.

    python docs/scenario_fields.py           write docs/scenario.md
    python docs/scenario_fields.py --check   change nothing; exit 1 when the page is behind the models
"""

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from servicepolicy_api.examples import examples
from servicepolicy_models import demand, means, rules, scenario, segmentation, targets
from servicepolicy_models.consistency import RULES
from servicepolicy_models.noun import Noun
from servicepolicy_models.reading import read_scenario

PAGE = Path(__file__).with_name("scenario.md")
LONGEST_EXAMPLE = 420
"""Characters; the example of a noun is the fullest one that is not longer."""

INTRODUCTION = """# The scenario

<!-- Written by `make docs` from the models, the scenarios and the consistency rules: change those. -->

A scenario is the whole question, in one JSON file. Money is in the scenario's currency, cost and demand per
year, response in hours, supply in days; a field's name says where it is otherwise. A field that is not listed
here is an error. `*` as a class, region or location means all. What is left out takes the value in the third
column; `required` has none, and where the column is empty nothing is meant.

A small complete one is [spare-parts](../scenarios/spare-parts/scenario.json). `servicepolicy schema scenario`
writes the JSON Schema, `servicepolicy validate` checks a file and lists what was left out.
"""

SUBJECTS: Mapping[str, Sequence[type[Noun] | type[StrEnum]]] = {
    "The question as a whole": (scenario.Scenario, scenario.FillRateBasis, scenario.Assumption),
    "Demand: order lines": (
        demand.OrderLines,
        demand.ColumnMap,
        demand.ItemColumns,
        demand.CustomerColumns,
        demand.CleaningRules,
        demand.MissingCustomer,
    ),
    "Demand: numbers": (
        demand.InlineDemand,
        demand.InlineItem,
        demand.PoolDemand,
        demand.OrderSize,
        demand.InlineSegment,
    ),
    "Items": (demand.ItemDefaults,),
    "Segments": (
        segmentation.Segmentation,
        segmentation.Classification,
        segmentation.Measure,
        segmentation.CutBy,
        segmentation.Region,
    ),
    "Promises and terms": (targets.Target, targets.PromiseLadder, targets.Terms),
    "Orders: channels": (means.Channel, means.StageTime),
    "Warehouse: processes": (means.Process, means.ProcessAtLocation),
    "Transport": (means.Mode, means.Lane, means.RateBand, means.ShippingFrequency),
    "Supply": (means.SupplyOption, means.QuantityBreak),
    "Stock": (
        means.Location,
        means.Deployment,
        means.StockPolicy,
        means.DemandLawChoice,
        means.DemandLaw,
        means.StockoutReaction,
        means.Shortage,
    ),
    "Budgets and rules": (rules.Budgets, rules.PolicyRules, rules.Choice),
    "The policy in force": (scenario.CurrentPromise,),
    "When to stop": (rules.Limits,),
}

WRITTEN_BY_HAND: Mapping[type[Noun], Mapping[str, Any]] = {
    demand.OrderLines: {
        "kind": "order_lines",
        "path": "order_lines.xlsx",
        "columns": {"order": "Order", "item": "Item", "quantity": "Pieces", "date": "Ordered on"},
        "date_format": "%d.%m.%Y",
        "decimal": ",",
        "period_days": 7,
    },
    demand.InlineItem: {
        "item": "P-100",
        "item_class": "A",
        "unit_cost": 12.5,
        "demand": [{"customer_class": "A", "pieces_per_day": 3.2, "lines_per_day": 1.1}],
    },
    demand.InlineSegment: {"customer_class": "A", "item_class": "A", "orders_per_year": 320, "customers": 14},
    targets.PromiseLadder: {"fill_rates": [0.8, 0.9, 0.95, 0.99], "response_hours": [24, 48, 72]},
    demand.CustomerColumns: {"customer": "customer_no", "customer_class": "abc", "region": "country"},
    rules.Budgets: {"inventory_value": 400_000, "co2e_kg": 120_000},
    rules.PolicyRules: {
        "better_customer_never_served_worse": True,
        "distinct_promises_at_most": 6,
        "forbidden": [{"item_class": "C", "mode": "courier"}],
    },
    rules.Choice: {"customer_class": "A", "channel": "EDI"},
    demand.OrderSize: {"pieces": 12, "share": 0.05},
    means.DemandLawChoice: {"item_class": "C", "law": "compound"},
    means.QuantityBreak: {"from_pieces": 500, "unit_cost_factor": 0.97},
}
"""Examples of what no scenario that is shipped uses, or only at length."""


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` only compare; the exit code is returned."""
    after = page()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == after:
            return 0
        print(f"{PAGE.name} is behind the models: run `make docs`, commit the result")
        return 1
    PAGE.write_text(after, encoding="utf-8")
    return 0


def page() -> str:
    """The whole page."""
    shown = shipped_examples()
    parts = [INTRODUCTION.strip()]
    for subject, nouns in SUBJECTS.items():
        parts += [f"## {subject}", *(entry(noun, shown) for noun in nouns)]
    parts += ["## Rules between fields", *between_fields()]
    return "\n\n".join(parts) + "\n"


def entry(noun: type[Noun] | type[StrEnum], shown: Mapping[type[BaseModel], Mapping[str, Any]]) -> str:
    """A noun's heading, its sentence, its fields or values, and its example."""
    parts = [f"### {noun.__name__}", one_line(inspect.getdoc(noun) or "")]
    if issubclass(noun, StrEnum):
        meanings = meanings_of_members(noun)
        parts.append("\n".join(f"- `{one.value}`: {meanings.get(one.name, '')}".rstrip(": ") for one in noun))
        return "\n\n".join(parts)
    parts.append("\n".join(table(noun)))
    example = WRITTEN_BY_HAND.get(noun) or shown.get(noun)
    if example is not None:
        noun.model_validate(example)
        parts.append(f"```json\n{written(example)}\n```")
    return "\n\n".join(parts)


def table(noun: type[Noun]) -> Iterator[str]:
    """One row a field: what it may be, what it is when left out, what it means."""
    yield "| field | value | left out | meaning |"
    yield "| --- | --- | --- | --- |"
    schema = noun.model_json_schema()
    for name, field in schema["properties"].items():
        needed = name in schema.get("required", ())
        default = "required" if needed else left_out(field.get("default"))
        meaning = one_line(field.get("description", "")).replace("|", "\\|")
        yield f"| `{name}` | {value(field)} | {default} | {meaning} |"


def left_out(default: object) -> str:
    """What stands for a field that is not given."""
    if default is None or default in ([], {}, ""):
        return ""
    text = json.dumps(default, ensure_ascii=False)
    return f"`{text}`" if len(text) <= 60 else "see there"


def value(field: Mapping[str, Any]) -> str:
    """What a field may hold, in words.

    >>> value({"type": "number", "minimum": 0, "maximum": 1})
    'number, 0 to 1'
    >>> value({"type": "array", "items": {"type": "string"}})
    'list of text'
    """
    for several in ("anyOf", "oneOf"):
        if several in field:
            kinds = [value(one) for one in field[several] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return " or ".join(f"`{json.dumps(one)}`" for one in field["enum"])
    if field.get("type") == "array":
        return f"list of {value(field['items'])}"
    if field.get("type") == "object":
        return f"object: name -> {value(field['additionalProperties'])}"
    words = {"number": "number", "integer": "whole number", "string": "text", "boolean": "true or false"}
    pattern = f" that matches `{field['pattern']}`" if "pattern" in field else ""
    return words[field["type"]] + bounds(field) + pattern


def bounds(field: Mapping[str, Any]) -> str:
    """The range of a number, in words; limits that only keep out nonsense are not told."""
    low, above = field.get("minimum"), field.get("exclusiveMinimum")
    high, below = field.get("maximum"), field.get("exclusiveMaximum")
    high = None if high is not None and high >= 1e15 else high
    low = None if low is not None and low <= -1e15 else low
    if low is not None and high is not None:
        return f", {low:g} to {high:,.15g}"
    least = f", {low:g} or more" if low is not None else f", above {above:g}" if above is not None else ""
    most = (
        f", {high:,.15g} or less" if high is not None else f", below {below:g}" if below is not None else ""
    )
    return least + most


def shipped_examples() -> dict[type[BaseModel], dict[str, Any]]:
    """Noun -> the fullest short example of it in the scenarios that are shipped."""
    found: dict[type[BaseModel], dict[str, Any]] = {}
    for path in examples().values():
        for one in within(read_scenario(path.read_bytes())):
            told = one.model_dump(mode="json", exclude_unset=True)
            if len(json.dumps(told)) <= LONGEST_EXAMPLE and len(told) > len(found.get(type(one), {})):
                found[type(one)] = told
    return found


def within(value_of_field: object) -> Iterator[BaseModel]:
    """Every noun within a noun, itself first."""
    if isinstance(value_of_field, BaseModel):
        yield value_of_field
        for name in sorted(value_of_field.model_fields_set):
            yield from within(getattr(value_of_field, name))
    elif isinstance(value_of_field, tuple):
        for one in value_of_field:
            yield from within(one)


def written(example: Mapping[str, Any]) -> str:
    """An example as JSON, one field a line unless all fit on one."""
    short = json.dumps(example, ensure_ascii=False)
    if len(short) <= 100:
        return short
    fields = (f"  {json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in example.items())
    return "{\n" + ",\n".join(fields) + "\n}"


def meanings_of_members(kind: type[StrEnum]) -> dict[str, str]:
    """Member -> the text below it in the source, which Python itself forgets."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    told = {}
    for before, after in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(before, ast.Assign) and isinstance(after, ast.Expr):
            name, text = before.targets[0], after.value
            if isinstance(name, ast.Name) and isinstance(text, ast.Constant):
                told[name.id] = one_line(str(text.value))
    return told


def between_fields() -> Iterator[str]:
    """What `servicepolicy validate` checks beyond single fields."""
    yield "Checked by `servicepolicy validate`, and before every solve; all that is wrong is told at once."
    yield "\n".join(f"- {one_line(inspect.getdoc(rule) or rule.__name__)}" for rule in RULES)


def one_line(words: str) -> str:
    """A docstring on one line."""
    return " ".join(words.split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
