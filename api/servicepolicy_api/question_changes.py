"""The difference between two questions in words, as they are written down: no demand is read."""

from collections.abc import Mapping
from typing import Any

import orjson

from servicepolicy_models.reading import read_scenario


def question_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for every difference that matters or is named, in the order of the scenario."""
    # What knows the groups of inputs takes a while to load, and most requests need none of it.
    from servicepolicy_optimizer.explain.input_changes import written_changes

    one, other = (read_scenario(orjson.dumps(document)) for document in (before, after))
    return tuple(change.sentence for change in written_changes(one, other) if change.group is not None)
