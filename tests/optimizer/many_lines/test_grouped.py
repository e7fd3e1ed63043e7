"""Groups by a key of several columns."""

import numpy as np
import pytest

from servicepolicy_models.errors import TooLarge
from servicepolicy_optimizer.many_lines.grouped import Groups


def test_the_columns_of_a_group_come_back_from_its_key():
    groups = Groups(2**31, 2**31 - 1)
    columns = [np.array([-1, 2**31 - 1, 0, -1]), np.array([-1, 2**31 - 2, 5, -1])]
    number = groups.of(*columns)
    assert groups.rows.tolist() == [2, 1, 1]
    assert [one[number].tolist() for one in groups.columns()] == [one.tolist() for one in columns]


def test_keys_that_64_bits_do_not_tell_apart_are_refused():
    with pytest.raises(TooLarge, match="64 bits"):
        Groups(2**31, 2**31, 2**2)
