"""Inventory mathematics: what a shelf delivers, what it holds, how much to order and when.  Pure functions
over arrays.
"""
