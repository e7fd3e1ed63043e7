"""From supplier to customer: item classes can be stocked, regions reached, segments served."""

from collections.abc import Iterator, Mapping, Sequence

from servicepolicy_models.consistency.names import ANY, overlap, takes
from servicepolicy_models.errors import error, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.means import Deployment, Lane, Mode, Process
from servicepolicy_models.pointer import pointer
from servicepolicy_models.scenario import Scenario


def location_of(deployment: Deployment, region: str) -> str | None:
    """Return the location from which a deployment serves a region, None when it does not."""
    return deployment.serves.get(region, deployment.serves.get(ANY))


def item_classes_can_be_stocked(scenario: Scenario) -> Iterator[Finding]:
    """Every item class has a supply option and a deployment."""
    for position, item_class in enumerate(scenario.segmentation.items.classes):
        where = f"/segmentation/items/classes/{position}"
        if not any(takes(supply.item_classes, item_class) for supply in scenario.supply):
            what = f"No supply option takes item class {item_class}."
            yield error(where, what, "item_class.no_supply", "Add it to the item_classes of a supply option.")
        if not any(takes(one.item_classes, item_class) for one in scenario.deployments):
            what = f"No deployment takes item class {item_class}."
            mend = "Add it to the item_classes of a deployment."
            yield error(where, what, "item_class.no_deployment", mend)


def deployments_serve_every_region(scenario: Scenario) -> Iterator[Finding]:
    """Every deployment says which location serves each region."""
    for position, deployment in enumerate(scenario.deployments):
        for region in scenario.segmentation.regions:
            if location_of(deployment, region.name) is None:
                where = pointer("deployments", position, "serves")
                what = f'The deployment "{deployment.name}" serves the region "{region.name}" from nowhere.'
                mend = f'Add "{region.name}" or "*" with the location that serves it.'
                yield error(where, what, "deployment.region_unserved", mend)


def every_region_is_reached(scenario: Scenario) -> Iterator[Finding]:
    """For every deployment, some mode has a lane from the location of each region to that region."""
    for position, deployment in enumerate(scenario.deployments):
        for region in scenario.segmentation.regions:
            location = location_of(deployment, region.name)
            if location is not None and not _reaching(scenario, location, region.name):
                key = region.name if region.name in deployment.serves else ANY
                where = pointer("deployments", position, "serves", key)
                what = f'No mode has a lane from "{location}" to "{region.name}".'
                mend = "Add a lane to a mode, or serve the region from elsewhere."
                yield error(where, what, "lane.missing", mend)


def segments_can_be_served(scenario: Scenario) -> Iterator[Finding]:
    """Every segment finds a channel, and under some deployment of its item class a process and a mode."""
    reached = {name: _reached(scenario, name) for name in scenario.segmentation.items.classes}
    for position, customer_class in enumerate(scenario.segmentation.customers.classes):
        if not any(takes(channel.customer_classes, customer_class) for channel in scenario.channels):
            where = f"/segmentation/customers/classes/{position}"
            what = f"No channel takes customer class {customer_class}."
            yield error(where, what, "segment.no_channel", "Add it to the customer_classes of a channel.")
        for item_class, regions in reached.items():
            for region, modes_from in regions:
                yield from _unserved(scenario, customer_class, item_class, region, modes_from)


def _reached(scenario: Scenario, item_class: str) -> list[tuple[str, dict[str, list[Mode]]]]:
    """Each region, and location that serves it under some deployment of an item class -> modes from there."""
    offered = [one for one in scenario.deployments if takes(one.item_classes, item_class)]
    found = []
    for region in scenario.segmentation.regions:
        locations = {location for one in offered if (location := location_of(one, region.name)) is not None}
        modes_from = {one: _reaching(scenario, one, region.name) for one in sorted(locations)}
        # Where nothing reaches a region at all, another rule has said so already.
        found.append((region.name, {location: modes for location, modes in modes_from.items() if modes}))
    return found


def _unserved(
    scenario: Scenario,
    customer_class: str,
    item_class: str,
    region: str,
    modes_from: Mapping[str, Sequence[Mode]],
) -> Iterator[Finding]:
    processed = [one for one in modes_from if _processed(scenario, one, customer_class, item_class)]
    whose = f"customer class {customer_class} and item class {item_class}"
    if modes_from and not processed:
        what = f'No process takes {whose} at {" or ".join(modes_from)}, which serves "{region}".'
        mend = "Widen the classes or locations of a process."
        yield error("/processes", what, "segment.no_process", mend)
    if processed and not any(_carry(modes_from[one], customer_class, item_class) for one in processed):
        what = f'No mode takes {whose} from {" or ".join(processed)} to "{region}".'
        yield error("/modes", what, "segment.no_mode", "Widen the classes or lanes of a mode.")


def rates_cover_every_weight(scenario: Scenario) -> Iterator[Finding]:
    """The rate bands of a lane begin at 0 kg and have no upper end."""
    for m, mode in enumerate(scenario.modes):
        for position, lane in enumerate(mode.lanes):
            gaps = [f"below {lane.bands[0].from_kg:g} kg"] if lane.bands[0].from_kg > 0 else []
            gaps += [f"from {lane.bands[-1].to_kg:g} kg on"] if lane.bands[-1].to_kg is not None else []
            if gaps:
                where = f"/modes/{m}/lanes/{position}/bands"
                what = f'The mode "{mode.name}" has no rate for shipments {" or ".join(gaps)}.'
                mend = "Start the first band at 0 and leave to_kg out of the last one."
                yield warning(where, what, "lane.weight_without_rate", mend)


def nothing_is_idle(scenario: Scenario) -> Iterator[Finding]:
    """Every location serves a region under some deployment, and every lane starts from such a location."""
    links = {
        (location, region.name)
        for deployment in scenario.deployments
        for region in scenario.segmentation.regions
        if (location := location_of(deployment, region.name)) is not None
    }
    used = {location for location, _ in links}
    for position, site in enumerate(scenario.locations):
        if site.name not in used:
            what = f'No deployment uses the location "{site.name}".'
            mend = "Name it in a deployment, or drop it."
            yield warning(f"/locations/{position}", what, "location.idle", mend)
    for m, mode in enumerate(scenario.modes):
        for position, lane in enumerate(mode.lanes):
            if not any(_links(lane, location, region) for location, region in links):
                what = f'No deployment uses the lane "{lane.location}" to "{lane.region}" of "{mode.name}".'
                mend = "Serve the region from there in a deployment, or drop the lane."
                yield warning(f"/modes/{m}/lanes/{position}", what, "lane.idle", mend)


def _links(lane: Lane, location: str, region: str) -> bool:
    return overlap(lane.location, location) and overlap(lane.region, region)


def _reaching(scenario: Scenario, location: str, region: str) -> list[Mode]:
    return [mode for mode in scenario.modes if any(_links(lane, location, region) for lane in mode.lanes)]


def _processed(scenario: Scenario, location: str, customer_class: str, item_class: str) -> bool:
    return any(
        takes(process.customer_classes, customer_class)
        and takes(process.item_classes, item_class)
        and works_at(process, location)
        for process in scenario.processes
    )


def works_at(process: Process, location: str) -> bool:
    """Tell whether a process is offered at a location."""
    return not process.only_at_listed or location in {one.location for one in process.at}


def _carry(modes: Sequence[Mode], customer_class: str, item_class: str) -> bool:
    return any(
        takes(mode.customer_classes, customer_class) and takes(mode.item_classes, item_class)
        for mode in modes
    )
