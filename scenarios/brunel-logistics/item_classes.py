"""Which plants may supply which product, and the item classes that follow.

An item class is a set of products that the same plants can supply, so that "this class comes from PLANT04"
is true for every product in it. A plant can supply a product when it has the product, may serve every
customer who ordered it (the plants in VmiCustomers serve the customers listed there and nobody else), and
ships with a service that was asked for. What a plant cannot ship comes from another plant of the class.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from source import Network, SourceRejected

CUSTOMER_FREIGHT = "CRF"
"""The customer's own carrier comes to the plant: no price is needed."""

FEWEST_ORDERS = 10
"""A group with fewer orders a day is no class of its own."""

RANKED_SHARES = {"A": 0.05, "B": 0.20, "C": 1.0}
"""Cumulated shares of the products, those with the most pieces first: 5, 15 and 80 %."""

Plants = frozenset[str]


@dataclass(frozen=True)
class ItemClass:
    """Products that can all be supplied by each of the plants."""

    name: str
    plants: Plants
    products: tuple[str, ...]


@dataclass(frozen=True)
class Classes:
    """The item classes, those with the most orders first, and how they came about."""

    classes: tuple[ItemClass, ...]
    supply_groups: int
    """Different sets of plants before small groups joined larger ones."""
    groups_joined: int
    groups_divided: int


def services_of(network: Network) -> Mapping[str, frozenset[str]]:
    """Plant -> services that can leave from it: those with a price at its ports, and the customer's own."""
    priced = {(rate.port, rate.service) for rate in network.rates}
    return {
        plant: frozenset(service for port, service in priced if port in network.ports.get(plant, ()))
        | {CUSTOMER_FREIGHT}
        for plant in network.cost_per_piece
    }


def item_classes(network: Network) -> Classes:
    """Group the ordered products by the plants that can supply them; raise SourceRejected where none can."""
    orders_of = Counter(order.product for order in network.orders)
    pieces_of: Counter[str] = Counter()
    for order in network.orders:
        pieces_of[order.product] += int(order.pieces)
    groups = _supply_groups(network)
    joined = _join_small(groups, network.cost_per_piece, orders_of)
    divided = _divide_at_capacity(joined, network, orders_of, pieces_of)
    found = [one for plants, parts in divided.items() for one in _named(plants, parts, orders_of, pieces_of)]
    by_size = sorted(found, key=lambda one: (-_total(one.products, orders_of), one.name))
    return Classes(
        classes=tuple(by_size),
        supply_groups=len(groups),
        groups_joined=len(groups) - len(joined),
        groups_divided=sum(len(parts) > 1 for parts in divided.values()),
    )


def _supply_groups(network: Network) -> dict[Plants, list[str]]:
    services = services_of(network)
    customers: dict[str, set[str]] = {}
    asked: dict[str, set[str]] = {}
    for order in network.orders:
        customers.setdefault(order.product, set()).add(order.customer)
        asked.setdefault(order.product, set()).add(order.service)

    def can_supply(plant: str, product: str) -> bool:
        allowed = network.only_customers.get(plant, customers[product])
        return customers[product] <= allowed and bool(asked[product] & services[plant])

    groups: dict[Plants, list[str]] = {}
    stranded = []
    for product in sorted(asked):
        makers = network.makers.get(product, frozenset())
        plants = frozenset(plant for plant in makers if can_supply(plant, product))
        groups.setdefault(plants, []).append(product)
        if not asked[product] <= {service for plant in plants for service in services[plant]}:
            stranded.append(f"product {product}: no plant can supply all its orders; split or drop it")
    if stranded:
        raise SourceRejected(stranded)
    return groups


def _join_small(
    groups: Mapping[Plants, list[str]], cost_per_piece: Mapping[str, float], orders_of: Mapping[str, int]
) -> dict[Plants, list[str]]:
    """A small group joins a large one whose plants it has too: the one with the cheapest plant."""
    large = {plants for plants, products in groups.items() if _total(products, orders_of) >= FEWEST_ORDERS}
    joined: dict[Plants, list[str]] = {}
    for plants, products in groups.items():
        hosts = sorted(large & {host for host in groups if host < plants}, key=_label)
        host = plants
        if plants not in large and hosts:
            host = min(hosts, key=lambda one: min(cost_per_piece[plant] for plant in one))
        joined.setdefault(host, []).extend(products)
    return joined


def _divide_at_capacity(
    groups: Mapping[Plants, list[str]],
    network: Network,
    orders_of: Mapping[str, int],
    pieces_of: Mapping[str, int],
) -> dict[Plants, list[list[str]]]:
    """Cut a group that its cheapest plant cannot take: what fits, most pieces an order first; the rest."""
    divided: dict[Plants, list[list[str]]] = {}
    for plants, products in groups.items():
        cheapest = min(sorted(plants), key=lambda plant: network.cost_per_piece[plant])
        room = network.capacity_orders_per_day[cheapest]
        if len(plants) == 1 or _total(products, orders_of) <= room:
            divided[plants] = [products]
            continue
        fits: list[str] = []
        for product in sorted(products, key=lambda one: (-pieces_of[one] / orders_of[one], one)):
            if _total([*fits, product], orders_of) <= room:
                fits.append(product)
        divided[plants] = [part for part in (fits, [one for one in products if one not in fits]) if part]
    return divided


def _named(
    plants: Plants, parts: list[list[str]], orders_of: Mapping[str, int], pieces_of: Mapping[str, int]
) -> list[ItemClass]:
    label = _label(plants)
    if len(parts) > 1:
        return [ItemClass(f"{label} {rank}", plants, tuple(part)) for rank, part in enumerate(parts, start=1)]
    products = sorted(parts[0], key=lambda product: (-pieces_of[product], product))
    if _total(products, orders_of) * 2 <= sum(orders_of.values()):
        return [ItemClass(label, plants, tuple(products))]
    cuts = [round(share * len(products)) for share in RANKED_SHARES.values()]
    return [
        ItemClass(f"{label} {rank}", plants, tuple(products[start:end]))
        for rank, start, end in zip(RANKED_SHARES, [0, *cuts], cuts, strict=False)
    ]


def _label(plants: Plants) -> str:
    """`PLANT03+04` for PLANT03 and PLANT04."""
    return "PLANT" + "+".join(sorted(plant.removeprefix("PLANT") for plant in plants))


def _total(products: list[str] | tuple[str, ...], orders_of: Mapping[str, int]) -> int:
    return sum(orders_of[product] for product in products)
