"""What prices of the rows prove, by plain arithmetic.

With every row at a price, what is left falls apart: every item class takes the option that is cheapest with
its shelves and the paths of its segments. What that comes to is a bound at any prices (Geoffrion 1974), so
nothing hangs on how exact those of the solver are (Neumaier & Shcherbina 2004), nor on which paths the solver
has seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.wide.uses import PathUses

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Offered:
    """G stocking options of J item classes, and the servings that each needs. A source is an item class under
    a deployment: its options share its servings.
    """

    item_class: Ints
    """(G,) number of the class."""
    source: Ints
    """(G,) number of the source."""
    serving_source: Ints
    """(servings,)"""
    serving_class: Ints
    """(servings,)"""

    def paths(self, least: Floats) -> Floats:
        """(G,) what is left to pay for paths. least: (servings,) of the cheapest path of each."""
        sources = int(self.source.max(initial=-1)) + 1
        total = np.bincount(self.serving_source, weights=least, minlength=sources)
        return np.asarray(total[self.source])

    def best(self, option: Floats) -> Floats:
        """(J,) least of the options of each class."""
        return _least(option, self.item_class, int(self.serving_class.max(initial=-1)) + 1)

    def best_of_source(self, option: Floats) -> Floats:
        """(servings,) least of the options that use the serving."""
        return _least(option, self.source, int(self.serving_source.max(initial=-1)) + 1)[self.serving_source]

    def best_of_others(self, option: Floats) -> Floats:
        """(G,) least of the other options of the same class."""
        found = np.full(option.size, np.inf)
        for j in np.unique(self.item_class).tolist():
            of_class = np.flatnonzero(self.item_class == j)
            order = of_class[np.argsort(option[of_class], kind="stable")]
            found[order] = option[order[0]]
            found[order[0]] = option[order[1]] if order.size > 1 else np.inf
        return found


def offered(choices: Choices, uses: PathUses, options: Sequence[tuple[str, str]]) -> Offered:
    """The options (item class, option), in the order given."""
    deployment = {
        (item_class, option.name): option.deployment
        for item_class, known in choices.options.items()
        for option in known
    }
    sources: dict[tuple[str, str], int] = {}
    classes: dict[str, int] = {}
    source_of = [(j, deployment[j, g]) for j, g in options]
    return Offered(
        np.array([classes.setdefault(j, len(classes)) for j, _ in options], dtype=np.intp),
        np.array([sources.setdefault(source, len(sources)) for source in source_of], dtype=np.intp),
        np.array([sources.setdefault((s[1], d), len(sources)) for s, d in uses.serving], dtype=np.intp),
        np.array([classes.setdefault(s[1], len(classes)) for s, _ in uses.serving], dtype=np.intp),
    )


def _least(values: Floats, group: Ints, groups: int) -> Floats:
    """(groups,) least value of each group; inf of none."""
    least = np.full(max(groups, int(group.max(initial=-1)) + 1), np.inf)
    np.minimum.at(least, group, values)
    return least


@dataclass(frozen=True)
class Box:
    """The columns of the relaxation that have a name, and between what they are held."""

    lower: Floats
    """(n,)"""
    upper: Floats
    """(n,)"""
    options: Ints
    """(G,) which columns are the options."""
    shelf: Ints
    """(n,) number of the shelf that the column is a mix of, −1 for none."""
    option_of_shelf: Mapping[int, int]
    """Number of a shelf -> number of its option, of G."""
    paths: Mask
    """(n,) which are paths: they are laid out apart."""


@dataclass(frozen=True)
class Priced:
    """The Lagrangian problem at some prices, solved."""

    bound: float
    """No solution costs less."""
    option: Floats
    """(G,) what each option comes to with its shelves and paths; inf where it may not be taken. The bound
    holds the least of each item class."""
    mixes: Floats
    """(G,) what its shelves come to, each with its best column: part of `option`."""
    alone: Floats
    """(G,) reduced cost of the option itself."""
    path: Floats
    """(P,) reduced cost of every path, at the price of its serving."""
    least: Floats
    """(servings,) the least of them; inf without a path."""
    above: Floats
    """(n,) what the other columns add to the bound when they are 1 instead of what is best for them."""
    below: Floats
    """(n,) the same, when they are 0."""


def priced(sides: float, reduced: Floats, paths: Floats, start: Ints, box: Box, of: Offered) -> Priced:
    """Solve the Lagrangian problem, d being the reduced costs:

    L = sides + Σ_j min_g (d_g + Σ_h min_k d_k + Σ_s min_q d_q) + Σ_others min (d · lower, d · upper)

    sides: worth of the right-hand sides; reduced: (n,) of the named columns; paths: (P,) reduced costs, those
    of serving n from start[n].
    """
    least = np.full(start.size - 1, np.inf)
    some = np.flatnonzero(np.diff(start) > 0)
    if some.size:
        least[some] = np.minimum.reduceat(paths, start[some])
    mixes = _mixes(reduced, box)
    option = reduced[box.options] + of.paths(least) + mixes
    option[box.upper[box.options] <= 0.0] = np.inf
    option[_others_must_be_taken(box, of)] = np.inf
    rest = (box.shelf < 0) & ~box.paths
    rest[box.options] = False
    cost = np.where(rest, reduced, 0.0)
    with np.errstate(invalid="ignore"):
        own = np.where(cost > 0, cost * box.lower, np.where(cost < 0, cost * box.upper, 0.0))
    return Priced(
        bound=sides + float(of.best(option).sum()) + float(own.sum()),
        option=option,
        mixes=mixes,
        alone=reduced[box.options],
        path=paths,
        least=least,
        above=cost - own,
        below=-own,
    )


def with_mixes(known: Priced, mixes: Floats, of: Offered) -> Priced:
    """The same prices with shelves that come to less. mixes: (G,)"""
    option = known.option - np.maximum(known.mixes - mixes, 0.0)
    before, after = of.best(known.option), of.best(option)
    fall = np.subtract(before, after, out=np.zeros_like(before), where=np.isfinite(before))
    return replace(known, bound=known.bound - float(fall.sum()), option=option, mixes=mixes)


def _mixes(reduced: Floats, box: Box) -> Floats:
    """(G,) what is left to pay for the shelves of each option: of each its best column."""
    total = np.zeros(box.options.size)
    inside = np.flatnonzero(box.shelf >= 0)
    least = np.full(int(box.shelf.max(initial=-1)) + 1, np.inf)
    np.minimum.at(least, box.shelf[inside], reduced[inside])
    for shelf, option in box.option_of_shelf.items():
        if shelf < least.size and np.isfinite(least[shelf]):
            total[option] += least[shelf]
    return total


def _others_must_be_taken(box: Box, of: Offered) -> Mask:
    """(G,) options of a class in which another one is held."""
    held = box.lower[box.options] >= 1.0
    classes = np.zeros(int(of.item_class.max(initial=-1)) + 1, dtype=bool)
    classes[of.item_class[held]] = True
    return classes[of.item_class] & ~held
