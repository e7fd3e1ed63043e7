"""What pydantic complains of, in the planner's words: where, what, which rule, and the mend."""

import difflib
import json
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.pointer import pointer

Steps = tuple[str | int, ...]
Words = tuple[str, str, str]
"""What is wrong, the rule's code, the mend."""

UNIONS = (Union, types.UnionType)

LONGEST_QUOTE = 60
"""Characters of a wrong value that are repeated to the reader."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like this one, if any does.

    >>> nearest("chanels", ["channels", "modes"])
    'channels'
    """
    by_lower = {one.lower(): one for one in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def finding_of(complaint: ErrorDetails, root: type[BaseModel]) -> Finding:
    """Turn one complaint about a document that should be a `root` into a finding."""
    where, parent = _place(complaint["loc"], root)
    words = WORDS_OF.get(complaint["type"], _any_other)
    what, rule, mend = words(complaint, parent)
    return error(pointer(*where), what, rule, mend)


def is_echo(complaint: ErrorDetails) -> bool:
    """Tell whether a complaint only repeats others: a list called too short because its entries are wrong."""
    least = complaint.get("ctx", {}).get("min_length", 0)
    return complaint["type"] == "too_short" and len(complaint["input"]) >= least


def _place(loc: Steps, root: type[BaseModel]) -> tuple[Steps, type[BaseModel] | None]:
    """Where in the document a complaint is, without the steps pydantic adds, and the noun it is made in."""
    where: list[str | int] = []
    parent: type[BaseModel] | None = None
    here: Any = root
    for step in loc:
        variants = _variants(here)
        if step == "[key]":
            break
        if step in variants:
            # pydantic names the variant of a tagged union as if it were a field
            here = variants[str(step)]
            continue
        where.append(step)
        parent = here if isinstance(here, type) and issubclass(here, BaseModel) else None
        here = _within(here, step)
    return tuple(where), parent


def _within(here: Any, step: str | int) -> Any:
    """The annotation one step further down, None where the schema does not say."""
    if isinstance(here, type) and issubclass(here, BaseModel):
        field = here.model_fields.get(str(step))
        return _bare(field.annotation) if field else None
    inner = get_args(here)
    if get_origin(here) is dict:
        return _bare(inner[1])
    return _bare(inner[0]) if inner else None


def _bare(annotation: Any) -> Any:
    """An annotation without `Annotated` and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in UNIONS:
        inner = [_bare(one) for one in get_args(annotation) if one is not type(None)]
        return inner[0] if len(inner) == 1 else annotation
    return annotation


def _variants(annotation: Any) -> dict[str, type[BaseModel]]:
    """Tag -> noun of a tagged union, by the literal default of its `kind`."""
    if get_origin(annotation) not in UNIONS:
        return {}
    nouns = [one for one in get_args(annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
    return {noun.model_fields["kind"].default: noun for noun in nouns}


def _quote(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def _syntax(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    return f"The text is not JSON: {complaint['ctx']['error']}.", "json.syntax", "Write it as RFC 8259 says."


def _unknown_field(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    name = str(complaint["loc"][-1])
    known = list(parent.model_fields) if parent else []
    guess = nearest(name, known)
    mend = f"Did you mean {_quote(guess)}?" if guess else f"Remove it; known here: {', '.join(known)}."
    return f"The field {_quote(name)} is unknown.", "scenario.unknown_field", mend


def _missing(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    name = str(complaint["loc"][-1])
    field = parent.model_fields.get(name) if parent else None
    meaning = " ".join(field.description.split()) if field and field.description else ""
    mend = f"Add it: {meaning}" if meaning else "Add it."
    return f"The field {_quote(name)} is missing.", "scenario.missing_field", mend


def _wrong_choice(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    allowed = complaint["ctx"]["expected"].replace("'", '"')
    return f"The value is {_quote(complaint['input'])}.", "scenario.wrong_value", f"Write {allowed}."


def _no_kind(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    return 'The field "kind" is missing.', "scenario.missing_field", f"Write {_kinds(complaint, parent)}."


def _wrong_kind(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    what = f"The kind is {_quote(complaint['ctx']['tag'])}."
    return what, "scenario.wrong_value", f"Write {_kinds(complaint, parent)}."


def _kinds(complaint: ErrorDetails, parent: type[BaseModel] | None) -> str:
    tags = _variants(_within(parent, complaint["loc"][-1])) if parent else {}
    return " or ".join(f'"kind": {_quote(tag)}' for tag in tags)


def _wrong_type(name: str) -> Callable[[ErrorDetails, type[BaseModel] | None], Words]:
    def words(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
        return f"The value is {_quote(complaint['input'])}.", "scenario.wrong_type", f"Write {name}."

    return words


def _out_of_range(relation: str, key: str) -> Callable[[ErrorDetails, type[BaseModel] | None], Words]:
    def words(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
        bound = complaint["ctx"][key]
        what = f"The value is {_quote(complaint['input'])}."
        return what, "scenario.out_of_range", f"Write a number {relation} {bound:.15g}."

    return words


def _length(relation: str, key: str, what: str) -> Callable[[ErrorDetails, type[BaseModel] | None], Words]:
    def words(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
        mend = f"Give {complaint['ctx'][key]} {relation} {what}."
        return f"The value is {_quote(complaint['input'])}.", "scenario.wrong_length", mend

    return words


def _pattern(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    mend = f"Write a text that matches {complaint['ctx']['pattern']}."
    return f"The value is {_quote(complaint['input'])}.", "scenario.wrong_value", mend


def _contradiction(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    # A noun's own validator says what is wrong and, behind a semicolon, the mend.
    what, _, mend = str(complaint["ctx"]["error"]).partition("; ")
    return f"{what}.", "scenario.contradiction", f"{mend[:1].upper()}{mend[1:]}." if mend else ""


def _any_other(complaint: ErrorDetails, parent: type[BaseModel] | None) -> Words:
    return f"{complaint['msg']}, found {_quote(complaint['input'])}.", f"scenario.{complaint['type']}", ""


WORDS_OF: Mapping[str, Callable[[ErrorDetails, type[BaseModel] | None], Words]] = {
    "json_invalid": _syntax,
    "extra_forbidden": _unknown_field,
    "missing": _missing,
    "enum": _wrong_choice,
    "literal_error": _wrong_choice,
    "union_tag_not_found": _no_kind,
    "union_tag_invalid": _wrong_kind,
    "float_type": _wrong_type("a number"),
    "finite_number": _wrong_type("a finite number"),
    "int_type": _wrong_type("a whole number"),
    "int_from_float": _wrong_type("a whole number"),
    "bool_type": _wrong_type("true or false"),
    "string_type": _wrong_type("a text"),
    "tuple_type": _wrong_type("a list"),
    "dict_type": _wrong_type("an object"),
    "model_type": _wrong_type("an object"),
    "greater_than": _out_of_range("above", "gt"),
    "greater_than_equal": _out_of_range("at or above", "ge"),
    "less_than": _out_of_range("below", "lt"),
    "less_than_equal": _out_of_range("at or below", "le"),
    "too_short": _length("or more", "min_length", "entries"),
    "too_long": _length("or fewer", "max_length", "entries"),
    "string_too_short": _length("or more", "min_length", "characters"),
    "string_too_long": _length("or fewer", "max_length", "characters"),
    "string_pattern_mismatch": _pattern,
    "value_error": _contradiction,
}
