"""Item curves: from the demand of a shelf's items to columns of a stocking option (formulation.md, section
4).
"""
