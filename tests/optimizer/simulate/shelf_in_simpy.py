"""One shelf as processes of simpy: a second, independent engine that is told the same events."""

from collections import deque
from dataclasses import dataclass, field

import simpy

ROUNDING = 1e-9
"""Of a piece, where goods are measured."""


@dataclass
class Line:
    time: float
    pieces: float
    rank: int
    from_stock: float = 0.0
    left: float = 0.0
    done: float | None = None


@dataclass
class Shelf:
    """A shelf with its customers and its supplier."""

    reorder: float
    quantity: float
    on_hand: float
    levels: list[float]
    ranked: bool
    whole: bool
    lead_times: deque
    env: simpy.Environment = field(default_factory=simpy.Environment)
    waiting: list[Line] = field(default_factory=list)
    position: float = 0.0

    def customers(self, lines, continuous):
        for line in lines:
            yield self.env.timeout(line.time - self.env.now)
            line.left = line.pieces
            self.position -= line.pieces
            self.waiting.append(line)
            before = line.left
            self.serve()
            line.from_stock = before - line.left
            if continuous:
                self.replenish()

    def reviewer(self, first, gap, until):
        yield self.env.timeout(first)
        while self.env.now < until:
            self.replenish()
            yield self.env.timeout(gap)

    def replenish(self):
        ordered = 0.0
        if self.quantity == 0:
            ordered = max(self.reorder - self.position, 0.0)
        while self.quantity and self.position + ordered <= self.reorder:
            ordered += self.quantity
        if ordered > ROUNDING:
            self.position += ordered
            self.env.process(self.supplier(ordered, self.lead_times.popleft()))

    def supplier(self, pieces, lead_time):
        yield self.env.timeout(lead_time)
        self.on_hand += pieces
        self.serve()

    def serve(self):
        """Best class first, the oldest line of a class first; nobody passes an older line of the class."""
        for rank in range(len(self.levels)) if self.ranked else (None,):
            level = self.levels[rank] if self.ranked else 0.0
            for line in [one for one in self.waiting if rank in (None, one.rank)]:
                gets = min(line.left, max(self.on_hand - level, 0.0))
                if self.whole and gets < line.left - ROUNDING:
                    break
                line.left -= gets
                self.on_hand -= gets
                if line.left > ROUNDING:
                    break
                line.done = self.env.now
                self.waiting.remove(line)


def played_in_simpy(shelf: Shelf, lines, until, review=(0.0, 0.0)):
    """Run until everything that was ordered has come; return the lines."""
    shelf.position = shelf.on_hand
    first, gap = review
    shelf.env.process(shelf.customers(lines, continuous=not gap))
    if gap:
        shelf.env.process(shelf.reviewer(first, gap, until))
    shelf.env.run()
    return lines
