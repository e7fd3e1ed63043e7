"""Write the chapter of docs/formulation.md that comes from the docstrings of the master model.

A constraint is a function of the model: its first parameter is `m`. Its docstring opens with the formula
and its domain, then says in a sentence what the formula means. This file copies both, so the manual cannot
fall behind.
Everything outside the two markers is written by hand and kept as it is.

    python docs/build.py           write docs/formulation.md
    python docs/build.py --check   change nothing; exit 1 when the file is behind the docstrings
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

MASTER = "servicepolicy_optimizer.master"
FORMULATION = Path(__file__).with_name("formulation.md")
BEGIN = "<!-- Written by `make docs` from the docstrings of the master model: change those. -->"
END = "<!-- The end of what `make docs` writes. -->"
FIRST_PAGE = f"""# The formulation

{BEGIN}
{END}
"""

Rule = Callable[..., object]


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` only compare; the exit code is returned."""
    before = FORMULATION.read_text(encoding="utf-8") if FORMULATION.exists() else FIRST_PAGE
    modules = master_modules()
    contents = "".join(inspect.getsource(module) for module in modules)
    after = with_chapter(before, chapter(modules, contents))
    if "--check" in arguments:
        if FORMULATION.exists() and after == before:
            return 0
        print(f"{FORMULATION.name} is behind the docstrings of {MASTER}: run `make docs`, commit the result")
        return 1
    FORMULATION.write_text(after, encoding="utf-8")
    return 0


def with_chapter(page: str, text: str) -> str:
    """The page with `text` between its markers; markers that are missing are added at the end."""
    if BEGIN not in page or END not in page:
        page = f"{page.rstrip()}\n\n{BEGIN}\n{END}\n"
    head, rest = page.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    return f"{head}{BEGIN}\n\n{text}{END}{tail}"


def chapter(modules: Sequence[ModuleType], contents: str = "") -> str:
    """One section a module that holds rules, one entry a rule.

    Both come in the order in which `contents`, the source of the build function, takes them up
    (`rule=fill_rate_floor`); a rule it does not take up comes last, in the order of its own source.

    >>> chapter([])
    ''
    """
    order = {name: place for place, name in enumerate(re.findall(r"\brule=(\w+)", contents))}
    sections = {module: sorted(rules(module), key=lambda rule: place_of(rule, order)) for module in modules}
    told = [module for module in modules if sections[module]]
    told.sort(key=lambda module: place_of(sections[module][0], order))
    return "".join(section(module, sections[module]) for module in told)


def place_of(rule: Rule, order: Mapping[str, int]) -> int:
    """Where the contents page takes a rule up; after all others when it does not."""
    return order.get(rule.__name__, len(order))


def section(module: ModuleType, ordered: Sequence[Rule]) -> str:
    """A module's heading, what it says of itself, and its rules."""
    heading = module.__name__.removeprefix(MASTER).lstrip(".").replace("_", " ") or "master"
    words = paragraphs(module)[:1]
    return "\n\n".join([f"### {heading.capitalize()}", *words, *(entry(rule) for rule in ordered)]) + "\n\n"


def entry(rule: Rule) -> str:
    """A rule's name, its formula as a block, its sentence and whatever else its docstring says."""
    formula, *words = paragraphs(rule)
    block = "\n".join(f"    {line}" for line in formula.splitlines())
    return "\n\n".join([f"#### `{rule.__name__}`", block, *words])


def rules(module: ModuleType) -> Iterator[Rule]:
    """The documented public functions of the model that this very module defines, in source order."""
    own = (f for _, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__)
    public = (f for f in own if not f.__name__.startswith("_") and f.__doc__)
    of_the_model = (f for f in public if next(iter(inspect.signature(f).parameters), None) == "m")
    return iter(sorted(of_the_model, key=lambda f: f.__code__.co_firstlineno))


def paragraphs(documented: object) -> list[str]:
    """The paragraphs of a docstring, without indentation; empty when there is none."""
    text = inspect.getdoc(documented) or ""
    return [part for part in text.split("\n\n") if part.strip()]


def master_modules() -> list[ModuleType]:
    """The master package and its modules, in name order; none while the package does not exist."""
    try:
        package = importlib.import_module(MASTER)
    except ModuleNotFoundError as missing:
        if missing.name != MASTER:
            raise
        return []
    names = [found.name for found in pkgutil.iter_modules(getattr(package, "__path__", ()), f"{MASTER}.")]
    return [package, *(importlib.import_module(name) for name in sorted(names))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
