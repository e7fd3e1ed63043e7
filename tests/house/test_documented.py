"""Every command, every setting and every route is named where people read: README.md or docs/."""

import importlib

import pytest
import typer
from fastapi import FastAPI
from pydantic_settings import BaseSettings


@pytest.fixture(scope="session")
def documentation(tracked, checkout):
    """README.md and the pages under docs/, as one text."""
    pages = [path for path in tracked if path.suffix == ".md" and "decisions" not in path.parts]
    read = [path for path in pages if path.name == "README.md" or (checkout / "docs") in path.parents]
    return "\n".join(path.read_text(encoding="utf-8") for path in read)


def door(name):
    """A module of the doors."""
    return importlib.import_module(f"servicepolicy_api.{name}")


def commands(command, words):
    """The full name of every command below a command: `servicepolicy demo`."""
    below = getattr(command, "commands", None)
    if below is None:
        return [words]
    return [
        full for name, one in below.items() if not one.hidden for full in commands(one, f"{words} {name}")
    ]


def environment_names(settings):
    """The environment variables a settings class reads."""
    prefix = settings.model_config.get("env_prefix", "")
    fields = settings.model_fields.items()
    return [str(field.validation_alias or f"{prefix}{name}").upper() for name, field in fields]


def test_every_command_is_documented(documentation):
    program = typer.main.get_command(door("cli").app)
    names = commands(program, "servicepolicy")
    assert names
    assert [name for name in names if name not in documentation] == []


def test_every_setting_is_documented(documentation):
    module = door("settings")
    classes = [
        one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseSettings)
    ]
    names = [name for one in classes if one is not BaseSettings for name in environment_names(one)]
    assert names
    assert [name for name in names if name not in documentation] == []


def test_every_route_is_documented(documentation):
    module = door("app")
    application = getattr(module, "app", None) or module.create_app()
    assert isinstance(application, FastAPI)
    routes = sorted(application.openapi()["paths"])
    assert routes
    assert [route for route in routes if route not in documentation] == []
