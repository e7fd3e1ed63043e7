"""What the log says, and what it does not."""

import logging

import pytest

from servicepolicy_api.logs import log_to_stderr


@pytest.fixture
def root():
    """The log as it was before, in the end."""
    found = logging.getLogger()
    handlers, level = found.handlers, found.level
    yield found
    found.handlers, found.level = handlers, level


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_is_told_with_its_lines_and_without_local_values(root, capsys, form):
    def fails(authorization):
        raise ValueError("odd")

    log_to_stderr(form)
    try:
        fails("Bearer " + "s" * 9)
    except ValueError:
        logging.getLogger("here").exception("unexpected")
    said = capsys.readouterr().err
    assert "in fails" in said and "ValueError: odd" in said
    assert "s" * 9 not in said
