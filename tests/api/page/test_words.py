"""Every text of the page stands in words/, in English and in Chinese."""

import ast
import dataclasses
import re
import string

import pytest

from servicepolicy_api.page.words import RULES, WORDS
from servicepolicy_api.problems import STATUS_OF

SAME_IN_BOTH = {"HTTP", "API", "ABC", "OTIF", "Excel", "CSV", "Parquet", "JSON"}
READS_AS_TEXT = re.compile(r"\b[A-Z][a-z]{2,}|\b[a-z]{2,} [a-z]{2,}\b")


def texts(language):
    """The texts of a language: where they stand -> what they say."""
    return {
        f"{part.name}.{one.name}": getattr(getattr(WORDS[language], part.name), one.name)
        for part in dataclasses.fields(WORDS[language])
        for one in dataclasses.fields(getattr(WORDS[language], part.name))
    }


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_every_text_is_said_in_chinese():
    english, chinese = texts("en"), texts("zh")
    assert english.keys() == chinese.keys() and len(english) > 20
    untold = [
        name
        for name, said in english.items()
        if not re.search("[\u4e00-\u9fff]", chinese[name]) and not {said} <= SAME_IN_BOTH
    ]
    assert untold == []


def test_both_languages_fill_in_the_same_figures():
    chinese = texts("zh")
    english = texts("en").items()
    different = [name for name, said in english if placeholders(said) != placeholders(chinese[name])]
    assert different == []


RULE = re.compile(
    r'"((?:scenario|demand|table|order_lines|file|segmentation|target|name|choice|lane)\.[a-z_]+)"'
)
FILES = re.compile(r"\.(?:csv|json|xlsx|parquet)$")


def test_the_rules_that_a_reader_meets_are_told_in_chinese(checkout):
    folders = ("models/servicepolicy_models", "optimizer/servicepolicy_optimizer")
    modules = [one for folder in folders for one in (checkout / folder).rglob("*.py")]
    rules = {rule for one in modules for rule in RULE.findall(one.read_text(encoding="utf-8"))}
    rules = {one for one in rules if not FILES.search(one)} | STATUS_OF.keys()
    assert len(rules) > 80
    assert sorted(rules - RULES["zh"].keys()) == []


def reads_as_text(value):
    """Whether a string of the code would be read by somebody: what is left without markup has words in it."""
    bare = re.sub(r"<[^>]*>|\{[^}]*\}|[\w-]*[-=/][\w=\"/-]*", "·", value)
    return READS_AS_TEXT.search(bare) is not None


def strings(tree):
    """The strings of a module that are no docstrings, and go neither into the log nor into an error."""
    passed_over = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed_over.add(node.value)
        of_log = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if of_log and isinstance(node.func.value, ast.Name) and node.func.value.id == "log":
            passed_over.update(node.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in passed_over:
            yield node


def test_no_text_stands_elsewhere(checkout):
    folder = checkout / "api" / "servicepolicy_api" / "page"
    modules = [one for one in folder.rglob("*.py") if "words" not in one.parts]
    assert modules
    found = [
        f"{module.relative_to(folder)}:{node.lineno}: {node.value[:80]!r}"
        for module in modules
        for node in strings(ast.parse(module.read_text(encoding="utf-8")))
        if reads_as_text(node.value)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("value", "is_text"),
    [
        ("Nothing here", True),
        ("<p>see the list</p>", True),
        ("sp-button sp-primary", False),
        ('<td class="num">{}</td>', False),
        ("var(--ink)", False),
    ],
)
def test_the_check_sees_what_it_should(value, is_text):
    assert reads_as_text(value) is is_text
