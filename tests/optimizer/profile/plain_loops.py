"""The whole road from rows to facts once more, in plain loops, without a database and without numpy.

A row is (order, item, quantity, date, price, customer, region).
"""

import re
from collections import defaultdict
from datetime import date


def left_after_cancellations(events):
    """{row: pieces left}; events: row -> (customer, item, moment, pieces, back)."""
    order = sorted(events, key=lambda row: (events[row][2], events[row][4], row))
    left = {row: event[3] for row, event in events.items()}
    gone = set()
    for exact in (True, False):
        for place, row in enumerate(order):
            customer, item, _, pieces, back = events[row]
            if not back or row in gone:
                continue
            for one in reversed(order[:place]):
                if events[one][:2] != (customer, item) or events[one][4] or one in gone:
                    continue
                if exact and events[one][3] == pieces:
                    left[one] = left[row] = 0.0
                    gone |= {one, row}
                    break
                if not exact:
                    taken = min(left[one], left[row])
                    left[one] -= taken
                    left[row] -= taken
    return {row: amount if amount > 1e-9 * events[row][3] else 0.0 for row, amount in left.items()}


def demand_rows(rows, cancellation="^C", keep_missing=True):
    """Rows that are demand: (order, customer key, named, item, region, day, pieces, price)."""
    kept, seen = {}, set()
    for number, (order, item, quantity, at, price, customer, region) in enumerate(rows):
        item = item.strip().upper()
        key = (order, item, quantity, at, price, customer, region)
        if key in seen:
            continue
        seen.add(key)
        if quantity == 0 or price is None or price <= 0 or (customer is None and not keep_missing):
            continue
        back = quantity < 0 or re.search(cancellation, order) is not None
        kept[number] = (order, item, abs(quantity), at, price, customer, region, back)
    events = {n: (one[5], one[1], one[3], one[2], one[7]) for n, one in kept.items() if one[5] is not None}
    left = left_after_cancellations(events)
    first = min(date.fromisoformat(row[3]) for row in rows)
    demand = []
    for number, (order, item, pieces, at, price, customer, region, back) in kept.items():
        pieces = left.get(number, pieces)
        if not back and pieces > 0:
            key = (True, customer) if customer is not None else (False, order)
            demand.append((order, key, item, region, (date.fromisoformat(at) - first).days, pieces, price))
    return demand


def cut(measures, cut_offs, by_value, lowest):
    """Class index of each key, ranked by measure and then key."""
    ranked = sorted(measures, key=lambda key: (-measures[key], key))
    total = sum(max(measures[key], 0) for key in ranked)
    classes, before_value = {}, 0.0
    for place, key in enumerate(ranked):
        before = (before_value / total if total else 0.0) if by_value else place / len(ranked)
        classes[key] = min(sum(before >= one - 1e-12 for one in cut_offs), lowest)
        before_value += max(measures[key], 0)
    return classes


def totals(keys_and_amounts):
    """Sums by key."""
    added = defaultdict(float)
    for key, amount in keys_and_amounts:
        added[key] += amount
    return dict(added)


def covariance(days_pieces, periods, period_days):
    """{(a, b): covariance a day} from (atom, day, pieces), zero periods included, left-over days left out."""
    atoms = sorted({atom for atom, _, _ in days_pieces})
    series = {atom: [0.0] * periods for atom in atoms}
    for atom, day, pieces in days_pieces:
        if day // period_days < periods:
            series[atom][day // period_days] += pieces
    found = {}
    for a in atoms:
        for b in atoms:
            mean_a, mean_b = sum(series[a]) / periods, sum(series[b]) / periods
            products = sum((x - mean_a) * (y - mean_b) for x, y in zip(series[a], series[b], strict=True))
            found[a, b] = products / (periods - 1) / period_days
    return found


def bins(weights, count=10):
    """Mean of each of `count` equal-probability parts of the sorted weights, by cutting each weight fine."""
    fine = [weight for weight in sorted(weights) for _ in range(count)]
    size = len(weights)
    return [sum(fine[number * size : (number + 1) * size]) / size for number in range(count)]


def percentile(values, share):
    """Linear interpolation between order statistics."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])
