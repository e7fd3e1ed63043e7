"""Arithmetic of shelves with very many items, compiled: the figures of the rooms beside it, item by item in
registers where those write an array at every step.

Nothing here is imported before a shelf has so many items (`curves.ladder_of_many`): the compiler takes a
second to come, and small questions need none of it.
"""
