"""Every name a scenario defines, by what it names."""

from collections.abc import Iterable, Mapping

from servicepolicy_models.scenario import Scenario

ANY = "*"
"""Stands for every name of its kind."""


def defined(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Return what is named -> its names: the vocabulary that all other fields may use."""
    segmentation = scenario.segmentation
    return {
        "customer class": segmentation.customers.classes,
        "item class": segmentation.items.classes,
        "region": tuple(region.name for region in segmentation.regions),
        "channel": tuple(channel.name for channel in scenario.channels),
        "process": tuple(process.name for process in scenario.processes),
        "mode": tuple(mode.name for mode in scenario.modes),
        "frequency": tuple(frequency.name for frequency in scenario.frequencies),
        "supply option": tuple(supply.name for supply in scenario.supply),
        "location": tuple(location.name for location in scenario.locations),
        "deployment": tuple(deployment.name for deployment in scenario.deployments),
    }


PLACE_OF: Mapping[str, str] = {
    "customer class": "/segmentation/customers/classes",
    "item class": "/segmentation/items/classes",
    "region": "/segmentation/regions",
    "channel": "/channels",
    "process": "/processes",
    "mode": "/modes",
    "frequency": "/frequencies",
    "supply option": "/supply",
    "location": "/locations",
    "deployment": "/deployments",
}
"""What is named -> JSON Pointer of the list that names it."""


def takes(listed: Iterable[str] | None, name: str) -> bool:
    """Tell whether a list of names lets this one in; no list lets everyone in.

    >>> takes(None, "A"), takes(("A", "B"), "A"), takes((), "A")
    (True, True, False)
    """
    return listed is None or name in listed


def overlap(one: str, other: str) -> bool:
    """Tell whether two names, each possibly `*`, can mean the same thing.

    >>> overlap("A", "*"), overlap("A", "B")
    (True, False)
    """
    return ANY in (one, other) or one == other
