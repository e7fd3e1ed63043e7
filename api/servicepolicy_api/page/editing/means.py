"""The means of a scenario as sheets: channels, processes, transport rates, suppliers, locations."""

from collections.abc import Iterable
from functools import partial

from servicepolicy_api.page.editing.columns import columns_of
from servicepolicy_api.page.editing.desk import Desk
from servicepolicy_api.page.editing.noun_sheet import NounSheet, Placed, plain, rows_of
from servicepolicy_api.page.editing.places import Steps
from servicepolicy_api.page.editing.rows import RowButtons, list_sheet
from servicepolicy_api.page.editing.sheet import SheetColumn
from servicepolicy_models.means import (
    Channel,
    Lane,
    Location,
    Mode,
    Process,
    RateBand,
    ShippingFrequency,
    StockoutReaction,
    SupplyOption,
)


def draw_means(desk: Desk) -> None:
    """How orders come in, are picked, and how often they leave."""
    words = desk.here.words.edit
    list_sheet(desk, words.channels, ("channels",), Channel)
    list_sheet(desk, words.processes, ("processes",), Process)
    list_sheet(desk, words.frequencies, ("frequencies",), ShippingFrequency)


def draw_rates(desk: Desk) -> None:
    """Transport modes, their lanes and what a shipment costs by weight."""
    words, fields = desk.here.words.edit, desk.here.words.fields
    mode = Placed(SheetColumn("mode", fields.mode, is_fixed=True), lambda steps: (*steps[:2], "name"))
    of_lane = [
        Placed(SheetColumn(f"lane__{name}", getattr(fields, name), is_fixed=True), _of_lane(name))
        for name in ("location", "region")
    ]
    for caption, noun, rows, named in (
        (words.bands, RateBand, _bands, (mode, *of_lane)),
        (words.lanes, Lane, _lanes, (mode,)),
        (words.modes, Mode, _modes, ()),
    ):
        columns = [plain(desk, one) for one in columns_of(noun)]
        RowButtons(desk, caption, NounSheet(desk, caption, columns, partial(rows, desk), named))


def draw_stock(desk: Desk) -> None:
    """Where goods come from and lie, and what customers do without them."""
    words, fields = desk.here.words.edit, desk.here.words.fields
    list_sheet(desk, words.supply, ("supply",), SupplyOption)
    list_sheet(desk, words.locations, ("locations",), Location)
    regions = [str(one.get("name")) for one in desk.value(("segmentation", "regions")) or []]
    locations = {str(one.get("name")): str(one.get("name")) for one in desk.value(("locations",)) or []}
    serves = [
        Placed(
            SheetColumn(
                f"serves__{number}",
                fields.serves.format(region=fields.everywhere_else if region == "*" else region),
                options={"": "", **locations},
            ),
            _serving(region),
        )
        for number, region in enumerate([*regions, "*"])
    ]
    name = Placed(SheetColumn("name", fields.name, is_fixed=True), lambda steps: (*steps, "name"))
    drawn = NounSheet(desk, words.deployments, serves, lambda: rows_of(desk, ("deployments",)), (name,))
    RowButtons(desk, words.deployments, drawn)
    list_sheet(desk, words.reactions, ("stockout_reactions",), StockoutReaction)


def _of_lane(name: str) -> "_Step":
    return _Step(4, (name,))


def _serving(region: str) -> "_Step":
    return _Step(None, ("serves", region))


class _Step:
    """From the place of a row to that of one of its cells: so many steps of it, and then these."""

    def __init__(self, kept: int | None, added: Steps) -> None:
        self._kept, self._added = kept, added

    def __call__(self, steps: Steps) -> Steps:
        return (*steps[: self._kept], *self._added)


def _modes(desk: Desk) -> Iterable[Steps]:
    return rows_of(desk, ("modes",))


def _lanes(desk: Desk) -> Iterable[Steps]:
    for mode in _modes(desk):
        yield from rows_of(desk, (*mode, "lanes"))


def _bands(desk: Desk) -> Iterable[Steps]:
    for lane in _lanes(desk):
        yield from rows_of(desk, (*lane, "bands"))
