"""Build the scenario from the published tables.

    python scenarios/brunel-logistics/build.py ../shared/data/brunel-logistics out/brunel

writes `scenario.json`, `as-published.json`, `items.csv` and `mended.json` into the second folder.
"""

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

from deployments import as_used, deployments
from item_classes import Classes, item_classes, services_of
from lanes import plant_lanes, published_lanes
from question import CUSTOMER_MODE, Document, document, relieved_capacities
from source import Network, SourceRejected, read_network
from tariffs import Reading, distinct, is_per_shipment, joined_bands

from servicepolicy_models import Scenario


def build(source: Path, out: Path, reading: Reading) -> dict[str, Any]:
    """Read the tables in `source`, write the scenarios into `out`, and return what was counted."""
    network = read_network(source)
    classes = item_classes(network)
    lanes = plant_lanes(network, reading)
    offered = deployments(network, classes.classes, services_of(network))
    used = as_used(network.orders, classes.classes, offered, lanes, CUSTOMER_MODE)
    counted = _counted(network, classes, reading) | {
        "orders_unlike_the_current_policy": sum(one.otherwise for one in used),
        "idle_plants": sorted(
            set(network.cost_per_piece) - {plant for one in offered for plant in one.serves.values()}
        ),
    }
    relieved = relieved_capacities(network, classes)
    notes = _notes(counted)
    out.mkdir(parents=True, exist_ok=True)
    _write_items(out / "items.csv", classes)
    for name, capacities in {"scenario.json": relieved, "as-published.json": {}}.items():
        _write_json(out / name, document(network, classes, lanes, offered, used, capacities, notes))
    (out / "mended.json").write_text(json.dumps(counted, indent=2) + "\n", encoding="utf-8")
    return counted


def _counted(network: Network, classes: Classes, reading: Reading) -> dict[str, Any]:
    rates = distinct(network.rates)
    lanes = published_lanes(network)
    mended = [joined_bands(rows, reading)[1] for rows in lanes.values()]
    services = services_of(network)
    return {
        "orders": len(network.orders),
        "orders_without_weight": sum(order.weight_kg == 0 for order in network.orders),
        "rate_rows": len(network.rates),
        "rate_rows_dropped_as_duplicates": len(network.rates) - len(rates),
        "rate_rows_per_shipment": sum(map(is_per_shipment, rates)) if reading == "per-shipment" else 0,
        "lanes": len(lanes),
        "steps_closed": sum(one.steps_closed for one in mended),
        "holes_filled": sum(one.holes_filled for one in mended),
        "weights_with_a_choice": sum(one.weights_with_a_choice for one in mended),
        "rows_of_unknown_plants": dict(network.unknown_plants),
        "plants_without_products": sorted(set(services) - set().union(*network.makers.values())),
        "ports_without_rates": sorted(
            set().union(*network.ports.values()) - {rate.port for rate in network.rates}
        ),
        "orders_by_carrier_without_rates": Counter(
            order.carrier
            for order in network.orders
            if order.carrier not in {rate.carrier for rate in network.rates}
        ),
        "supply_groups": classes.supply_groups,
        "supply_groups_joined": classes.groups_joined,
        "supply_groups_divided": classes.groups_divided,
        "item_classes": len(classes.classes),
    }


def _notes(counted: dict[str, Any]) -> list[str]:
    return [
        "Published: orders, weights, rates, days in transit, warehouse cost per piece, capacity in orders a "
        "day, products per plant, customers per plant, ports per plant. The rest is under assumptions.",
        "Regions are the service that the order asked for: DTD to the door, DTP to the port, CRF at the "
        "plant, with the customer's own carrier.",
        f"Rates: {counted['rate_rows']} rows in {counted['lanes']} lanes; "
        f"{counted['rate_rows_dropped_as_duplicates']} duplicates dropped, "
        f"{counted['rate_rows_per_shipment']} rows read as a price per shipment, "
        f"{counted['holes_filled']} holes filled at the next row's lightest charge, "
        f"{counted['weights_with_a_choice']} stretches of weight with several rows priced at the cheapest.",
        f"Item classes: {counted['item_classes']}, by the plants that can supply every product in them.",
        f"Plants left out, as they cannot supply a whole item class: {', '.join(counted['idle_plants'])}.",
        "The current policy is how most orders of an item class went; "
        f"{counted['orders_unlike_the_current_policy']} of {counted['orders']} orders went another way.",
    ]


def _write_items(path: Path, classes: Classes) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["item", "item_class"])
        table.writerows(sorted((product, one.name) for one in classes.classes for product in one.products))


def _write_json(path: Path, scenario: Document) -> None:
    Scenario.model_validate(scenario)
    path.write_text(json.dumps(scenario, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Run the command; 0: written, 2: the tables or the folder cannot be used."""
    command = argparse.ArgumentParser(description="Build the scenario from the published tables.")
    command.add_argument("source", type=Path, help="folder with the seven published tables (.csv.gz)")
    command.add_argument("out", type=Path, help="folder to write into")
    command.add_argument(
        "--parcel-rates",
        choices=get_args(Reading),
        default="per-shipment",
        help="how the rates of half-kilogram steps and of trucks are read (see README.md)",
    )
    given = command.parse_args()
    try:
        counted = build(given.source, given.out, given.parcel_rates)
    except SourceRejected as rejected:
        print(rejected, file=sys.stderr)
        return 2
    except OSError as unwritable:
        print(f"{given.out}: cannot be written ({unwritable.strerror}); name another folder", file=sys.stderr)
        return 2
    print(json.dumps(counted, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
