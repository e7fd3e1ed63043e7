"""The published tables as they are, and the scenarios that the command builds from them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from servicepolicy_models import Scenario
from servicepolicy_models.reading import read_scenario

FILES = (
    "FreightRates", "OrderList", "PlantPorts", "ProductsPerPlant", "VmiCustomers", "WhCapacities", "WhCosts",
)  # fmt: skip


@dataclass(frozen=True)
class Built:
    """What the command wrote."""

    folder: Path
    scenario: Scenario
    as_published: Scenario
    mended: dict[str, Any]
    item_class: dict[str, str]
    """Product -> item class."""


@pytest.fixture(scope="session")
def tables(shared: Path) -> Path:
    """The folder of the published tables."""
    folder = shared / "data" / "brunel-logistics"
    missing = [name for name in FILES if not (folder / f"{name}.csv.gz").is_file()]
    if missing:
        pytest.skip(f"no published tables: {folder} lacks {missing}")
    return folder


@pytest.fixture(scope="session")
def command(checkout: Path) -> list[str]:
    """What runs build.py as a person would."""
    return [sys.executable, str(checkout / "scenarios" / "brunel-logistics" / "build.py")]


@pytest.fixture(scope="session")
def built(tables: Path, command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The scenarios with the default reading of the rates."""
    return build(command, tables, tmp_path_factory.mktemp("brunel"))


def build(command: list[str], tables: Path, out: Path, *options: str) -> Built:
    """Run the command and read what it wrote."""
    subprocess.run([*command, str(tables), str(out), *options], check=True, capture_output=True)
    items = pd.read_csv(out / "items.csv", dtype=str)
    return Built(
        folder=out,
        scenario=read_scenario((out / "scenario.json").read_bytes()),
        as_published=read_scenario((out / "as-published.json").read_bytes()),
        mended=json.loads((out / "mended.json").read_text(encoding="utf-8")),
        item_class=dict(zip(items["item"], items["item_class"], strict=True)),
    )


@pytest.fixture(scope="session")
def orders(tables: Path) -> pd.DataFrame:
    """The orders as published."""
    return pd.read_csv(tables / "OrderList.csv.gz", dtype={"Order ID": str, "Product ID": str})


@pytest.fixture(scope="session")
def rates(tables: Path) -> pd.DataFrame:
    """The rate rows as published; `flat` marks those read as a price per shipment."""
    table = pd.read_csv(tables / "FreightRates.csv.gz")
    narrow = table["max_wgh_qty"] - table["minm_wgh_qty"] < 1
    return table.assign(flat=narrow | (table["mode_dsc"] == "GROUND"))


@pytest.fixture(scope="session")
def ports(tables: Path) -> dict[str, set[str]]:
    """Plant -> ports."""
    table = pd.read_csv(tables / "PlantPorts.csv.gz")
    return {plant: set(own["Port"]) for plant, own in table.groupby("Plant Code")}


@pytest.fixture(scope="session")
def plants(tables: Path) -> pd.DataFrame:
    """Plant -> `cost` per piece and `capacity` in orders a day."""
    cost = pd.read_csv(tables / "WhCosts.csv.gz", index_col="WH")["Cost/unit"]
    capacity = pd.read_csv(tables / "WhCapacities.csv.gz", index_col="Plant ID")["Daily Capacity"]
    return pd.DataFrame({"cost": cost, "capacity": capacity})


@pytest.fixture(scope="session")
def suppliers(
    tables: Path, orders: pd.DataFrame, rates: pd.DataFrame, ports: dict[str, set[str]], plants: pd.DataFrame
) -> list[frozenset[str]]:
    """For each order, the plants that can supply it: product, customer and service, each asked by itself."""
    makes = pd.read_csv(tables / "ProductsPerPlant.csv.gz", dtype=str)
    made = set(zip(makes["Plant Code"], makes["Product ID"], strict=True))
    vmi = pd.read_csv(tables / "VmiCustomers.csv.gz")
    reserved = set(vmi["Plant Code"])
    listed = set(zip(vmi["Plant Code"], vmi["Customers"], strict=True))
    ships = set(zip(rates["orig_port_cd"], rates["svc_cd"], strict=True))

    def can(plant: str, product: str, customer: str, service: str) -> bool:
        return (
            (plant, product) in made
            and (plant not in reserved or (plant, customer) in listed)
            and (service == "CRF" or any((port, service) in ships for port in ports[plant]))
        )

    asked = zip(orders["Product ID"], orders["Customer"], orders["Service Level"], strict=True)
    return [frozenset(plant for plant in plants.index if can(plant, *one)) for one in asked]
