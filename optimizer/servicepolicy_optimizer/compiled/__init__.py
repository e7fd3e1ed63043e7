"""Arithmetic compiled: the figures of the rooms beside it, item by item in registers where those write an
array at every step.

Nothing here is imported before it is worth it: the compiler takes a while to come, and small questions need
none of it. Where last digits differ from those of arrays, the size of a shelf decides
(`curves.ladder_of_many`); where they are the same, time alone (`inventory.at_hand`).
"""
