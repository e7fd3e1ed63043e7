"""A name says what is inside, and a file holds one idea."""

import statistics

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "common"}
MOST_LINES = 400
MOST_LINES_IN_THE_MEDIAN = 200


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_or_folder_has_a_name_that_says_nothing(checkout, python_files):
    named = [path.relative_to(checkout) for path in python_files]
    assert [str(path) for path in named if SAYS_NOTHING & {*path.parts[:-1], path.stem}] == []


def test_no_python_file_is_long(checkout, python_files):
    long = {str(path.relative_to(checkout)): lines(path) for path in python_files if lines(path) > MOST_LINES}
    assert long == {}


def test_most_python_files_are_short(python_files):
    assert statistics.median(lines(path) for path in python_files) < MOST_LINES_IN_THE_MEDIAN
