"""The master model: one function a rule, its formula as docstring; `build` is the contents page.

`build_floor` is the same model over every choice of rungs that the items have, not only over columns.
"""

from servicepolicy_optimizer.master.floor import build_floor
from servicepolicy_optimizer.master.floor_amounts import Cut, FloorShelf
from servicepolicy_optimizer.master.model import build
from servicepolicy_optimizer.master.new_columns import ColumnWriter, NewColumns
from servicepolicy_optimizer.master.traded import Traded, build_best, build_traded
from servicepolicy_optimizer.master.whole_columns import Model, with_whole_columns

__all__ = [
    "ColumnWriter", "Cut", "FloorShelf", "Model", "NewColumns", "Traded", "build", "build_best",
    "build_floor", "build_traded", "with_whole_columns",
]  # fmt: skip
