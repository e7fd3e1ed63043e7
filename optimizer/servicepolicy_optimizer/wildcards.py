"""Which entries of a list speak of a customer class and an item class, `*` speaking of all."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

ANY = "*"


class Addressed(Protocol):
    """An entry that names the classes it is for."""

    @property
    def customer_class(self) -> str:
        """A customer class, or `*`."""
        ...

    @property
    def item_class(self) -> str:
        """An item class, or `*`."""
        ...


Entry = TypeVar("Entry", bound=Addressed)


class Addressbook(Generic[Entry]):
    """Entries by the classes they name: thousands of segments need not each read thousands of entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Keep the entries with their position in the list."""
        self._by_address: dict[tuple[str, str], list[tuple[int, Entry]]] = defaultdict(list)
        for position, entry in enumerate(entries):
            self._by_address[entry.customer_class, entry.item_class].append((position, entry))

    def of(self, customer_class: str, item_class: str) -> tuple[Entry, ...]:
        """The entries that apply, in the order of the list."""
        addresses = {(c, i) for c in (customer_class, ANY) for i in (item_class, ANY)}
        found = [numbered for address in addresses for numbered in self._by_address.get(address, ())]
        return tuple(entry for _, entry in sorted(found, key=lambda numbered: numbered[0]))
