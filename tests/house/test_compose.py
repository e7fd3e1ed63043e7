"""compose.yaml says what Docker would be told; without Docker, that it fits together and fits the program."""

import re

import pytest
import typer
import yaml

from servicepolicy_api.cli import app
from servicepolicy_api.settings import Settings


@pytest.fixture(scope="module")
def compose(checkout):
    return yaml.safe_load((checkout / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ours(compose):
    """The services that run our image."""
    return {name: one for name, one in compose["services"].items() if "build" in one}


def test_there_is_a_database_a_server_and_two_workers(compose, ours):
    assert set(compose["services"]) == {"postgres", "upgrade", "serve", "work"} == {*ours, "postgres"}
    assert ours["work"]["deploy"]["replicas"] == 2
    assert re.fullmatch(r"postgres:\d+", compose["services"]["postgres"]["image"])


def test_every_command_is_one_of_the_program(ours):
    program = typer.main.get_command(app)
    for one in ours.values():
        command = program
        for word in one.get("command", ["serve"]):
            command = command.commands[word]
        assert not hasattr(command, "commands")


def test_every_setting_is_one_of_the_program_and_the_database_is_the_one_that_starts(compose, ours):
    prefix, fields = Settings.model_config["env_prefix"], Settings.model_fields
    known = {str(one.validation_alias or f"{prefix}{name}").upper() for name, one in fields.items()}
    database = compose["services"]["postgres"]["environment"]
    for one in ours.values():
        assert set(one["environment"]) <= known
        address = re.fullmatch(
            r"postgresql://(\w+):(\$\{.+\})@(\w+)/(\w+)", one["environment"]["DATABASE_URL"]
        )
        assert address.groups() == (
            database["POSTGRES_USER"], database["POSTGRES_PASSWORD"], "postgres", database["POSTGRES_DB"],
        )  # fmt: skip


def test_each_waits_for_what_it_needs(compose):
    services = compose["services"]
    for one in services.values():
        for needed, how in one.get("depends_on", {}).items():
            assert how["condition"] in ("service_healthy", "service_completed_successfully")
            if how["condition"] == "service_healthy":
                assert "test" in services[needed]["healthcheck"]
            else:
                # What is to end must not be started again and again.
                assert services[needed]["restart"] == "no"
    assert set(services["serve"]["depends_on"]) == set(services["work"]["depends_on"]) == {"upgrade"}


def test_all_share_one_folder_and_nobody_else_may_knock(compose, ours, checkout):
    image = (checkout / "Dockerfile").read_text(encoding="utf-8")
    (folder,) = re.findall(r"SERVICEPOLICY_STORE_FOLDER=(\S+)", image)
    assert {tuple(one["volumes"]) for one in ours.values()} == {(f"store:{folder}",)}
    mounted = {place.partition(":")[0] for one in compose["services"].values() for place in one["volumes"]}
    assert mounted == set(compose["volumes"])
    (published,) = [port for one in compose["services"].values() for port in one.get("ports", ())]
    (exposed,) = re.findall(r"EXPOSE (\d+)", image)
    assert re.fullmatch(rf"127\.0\.0\.1:\d+:{exposed}", published)
