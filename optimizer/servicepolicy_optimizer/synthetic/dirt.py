"""What makes order lines real: returns, duplicates, cash sales, samples, freight, codes in the wrong case."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RETURNED_SHARE_OF_LINES = 0.012
CASH_SHARE_OF_ORDERS = 0.02
FREIGHT_SHARE_OF_ORDERS = 0.03
SAMPLE_SHARE_OF_LINES = 0.004
DUPLICATE_SHARE_OF_LINES = 0.003
LOWER_CASE_SHARE_OF_LINES = 0.005
FREIGHT_EUR = 12.5


def soiled(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    """Return order lines with the usual dirt added, in the order of their dates.

    No demand is lost: what is added can be told apart from it by the cleaning rules of the scenario.
    """
    lines = _some_lower_case(rng, _without_some_customers(rng, lines))
    extra = [_returns(rng, lines), _samples(rng, lines), _freight(rng, lines), _duplicates(rng, lines)]
    table = pd.concat([lines, *extra], ignore_index=True)
    return table.sort_values(["order_date", "order_no"], kind="stable", ignore_index=True)


def _sample(rng: np.random.Generator, count: int, share: float) -> NDArray[np.intp]:
    return np.sort(rng.choice(count, round(count * share), replace=False)).astype(np.intp)


def _without_some_customers(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    orders = lines["order_no"].unique()
    cash = orders[_sample(rng, len(orders), CASH_SHARE_OF_ORDERS)]
    return lines.assign(customer_no=lines["customer_no"].mask(lines["order_no"].isin(cash)))


def _returns(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    """Half of them take back the whole line, half of them a part."""
    returned = lines.iloc[_sample(rng, len(lines), RETURNED_SHARE_OF_LINES)].reset_index(drop=True)
    part = np.where(rng.random(len(returned)) < 0.5, 1.0, rng.random(len(returned)))
    pieces = np.maximum(1, np.round(returned["quantity_pieces"].to_numpy() * part)).astype(int)
    days = rng.integers(1, 11, len(returned)).astype("timedelta64[D]")
    return returned.assign(
        order_no="C" + returned["order_no"],
        quantity_pieces=-pieces,
        # The file ends with its last day: later returns are not in it.
        order_date=(returned["order_date"] + days).clip(upper=lines["order_date"].max()),
    )


def _samples(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    samples = lines.iloc[_sample(rng, len(lines), SAMPLE_SHARE_OF_LINES)]
    return samples.assign(quantity_pieces=1, unit_price_eur=0.0)


def _freight(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    first = lines.drop_duplicates("order_no")
    freight = first.iloc[_sample(rng, len(first), FREIGHT_SHARE_OF_ORDERS)]
    description = "Freight (synthetic)"
    return freight.assign(
        item_no="FREIGHT", description=description, quantity_pieces=1, unit_price_eur=FREIGHT_EUR
    )


def _duplicates(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    return lines.iloc[_sample(rng, len(lines), DUPLICATE_SHARE_OF_LINES)]


def _some_lower_case(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    item = lines["item_no"].to_numpy(copy=True)
    here = _sample(rng, len(lines), LOWER_CASE_SHARE_OF_LINES)
    item[here] = [code.lower() for code in item[here]]
    return lines.assign(item_no=item)
