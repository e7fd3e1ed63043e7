"""The sales activity profiles: what customers and items amount to, before any policy is chosen."""

from servicepolicy_models.noun import Noun


class WaterfallStep(Noun):
    """How many rows, pieces and how much money one cleaning rule took away, as recorded in the file."""

    rule: str
    """Short stable code, the same as in the findings, such as `demand.duplicate_row`."""

    sentence: str
    """What was taken away, and why."""

    rows: int
    pieces: float
    value: float
    """Pieces x price in the scenario's currency; 0 without a price column."""
