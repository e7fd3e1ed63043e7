"""Order lines by the million, as arrays of numbers that compiled loops go over: what `profile` says in
statements, to the last bit, in less time. Nothing here is imported before a file has so many lines.
"""
