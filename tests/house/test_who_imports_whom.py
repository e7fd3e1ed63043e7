"""The walls between the rooms, and what may come in from outside."""

import ast
import sys
from importlib import metadata

import pytest
from importlinter.cli import lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOMS = {
    "servicepolicy_models", "servicepolicy_optimizer", "servicepolicy_store", "servicepolicy_api",
    "servicepolicy_client",
}  # fmt: skip
MAY_IMPORT = {
    "models": {"servicepolicy_models", "pydantic", "pydantic_core"},
    "optimizer": {
        "servicepolicy_models", "servicepolicy_optimizer",
        "numpy", "scipy", "pandas", "duckdb", "pyomo", "highspy", # docs/decisions/0001-rooms-and-packaging.md
        "pandera", "pyarrow", "narwhals", "fastexcel", "pydantic", "orjson", "rfc8785",
        "pyspark", "sqlglot", # docs/decisions/0054-one-text-two-engines.md
        "numba", "llvmlite", # docs/decisions/0078-very-many-items-are-compiled.md
        "SALib", # docs/decisions/0029-screening-is-an-extra.md
    },
    "store": {
        "servicepolicy_models", "servicepolicy_store",
        "sqlalchemy", "alembic", "psycopg", "pysqlite3", "procrastinate", "uuid_utils", "orjson",
    },
    "client": {"servicepolicy_client", "httpx2", "pandas"},
}  # fmt: skip
# The engine is handed its clock, its chance and its settings.
NOT_IN_THE_ENGINE = (
    "os.environ", "os.environb", "os.getenv", "os.putenv",
    "time",
    "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
    "pandas.Timestamp.now", "pandas.Timestamp.today", "pandas.Timestamp.utcnow",
    "random", "secrets", "uuid.uuid1", "uuid.uuid4", "os.urandom",
    "numpy.random.seed", "numpy.random.RandomState", "numpy.random.rand", "numpy.random.randn",
    "numpy.random.randint", "numpy.random.normal", "numpy.random.choice",
    "socket", "urllib.request", "http.client", "http.server", "sqlite3",
)  # fmt: skip


def imported(tree):
    """Every absolute import of a module: the name bound here -> the dotted name it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
                yield ("", alias.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def named(tree):
    """Every dotted name a module uses, with its imports resolved: `np.random.seed` is numpy.random.seed."""
    stands_for = {short: full for short, full in imported(tree) if short}
    yield from (full for _, full in imported(tree))
    for node in ast.walk(tree):
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if parts and isinstance(node, ast.Name) and node.id in stands_for:
            yield ".".join([stands_for[node.id], *reversed(parts)])


def impurities(source):
    """What of the list a source text uses."""
    names = set(named(ast.parse(source)))
    return sorted(bad for bad in NOT_IN_THE_ENGINE if any(f"{name}.".startswith(f"{bad}.") for name in names))


def modules(package):
    return sorted(package.rglob("*.py"))


def test_the_contracts_are_kept(checkout, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(rooms, room):
    found = {
        f"{path.relative_to(rooms[room])}: {full}"
        for path in modules(rooms[room])
        for _, full in imported(ast.parse(path.read_text(encoding="utf-8")))
        if full.split(".")[0] not in MAY_IMPORT[room] | set(sys.stdlib_module_names)
    }
    assert found == set()


def test_what_a_room_imports_is_a_named_dependency(rooms, pyproject):
    """A library that comes along with another one may stop to come along. One that is not installed, as of an
    extra, is known by its own name only.
    """
    brought_by = metadata.packages_distributions()
    project = pyproject["project"]
    extras = [one for asked in project.get("optional-dependencies", {}).values() for one in asked]
    named_here = {canonicalize_name(Requirement(one).name) for one in [*project["dependencies"], *extras]}
    found = {
        f"{room}: {module}"
        for room, package in rooms.items()
        for path in modules(package)
        for _, full in imported(ast.parse(path.read_text(encoding="utf-8")))
        if (module := full.split(".")[0]) not in sys.stdlib_module_names | ROOMS | {"pydantic_core"}
        and not {canonicalize_name(one) for one in brought_by.get(module, (module,))} & named_here
    }
    assert found == set()


def test_the_engine_has_no_clock_no_chance_and_no_environment(rooms):
    found = {
        str(path.relative_to(rooms[room])): bad
        for room in ("models", "optimizer")
        for path in modules(rooms[room])
        if (bad := impurities(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_only_settings_reads_the_environment(rooms):
    readers = {
        path.name
        for path in modules(rooms["api"])
        if {"os.environ", "os.environb", "os.getenv"} & set(impurities(path.read_text(encoding="utf-8")))
    }
    assert readers <= {"settings.py"}


@pytest.mark.parametrize(
    ("source", "bad"),
    [
        ("import os\nx = os.environ['X']", ["os.environ"]),
        ("from os import getenv as g\ng('X')", ["os.getenv"]),
        ("import numpy as np\nnp.random.seed(1)", ["numpy.random.seed"]),
        ("from datetime import datetime\ndatetime.now()", ["datetime.datetime.now"]),
        ("import datetime as dt\nt = dt.date.today()", ["datetime.date.today"]),
        ("import random", ["random"]),
        ("from time import perf_counter", ["time"]),
        ("import numpy as np\nrng: np.random.Generator", []),
        ("import os.path\nfrom datetime import date, timedelta", []),
        ("import urllib.request", ["urllib.request"]),
    ],
)
def test_the_check_sees_what_it_should(source, bad):
    assert impurities(source) == bad
