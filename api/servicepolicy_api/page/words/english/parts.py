"""What the pieces say that screens are built of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """Charts, tables, matrices, findings."""

    as_table: str = "As a table"
    customers: str = "Customers"
    items: str = "Items"
    customer_class: str = "Customer class"
    item_class: str = "Item class"
    nothing: str = "Nothing"
    error: str = "Error"
    warning: str = "Warning"
    note: str = "Note"
    where: str = "Where"
    what: str = "What"
    mend: str = "What to do"
    count: str = "Rows"
    the_file: str = "the file"
    no_findings: str = "No findings."
    scale: str = "from {low} (pale) to {high} (deep)"
