"""Machine code is kept where it can be, and works where it cannot."""

import ast
import importlib.util
import sys
from errno import ENOSPC
from pathlib import Path

import numpy as np
import pytest
from numba.core.caching import IndexDataCacheFile
from numba.core.errors import TypingError

from servicepolicy_optimizer.compiled import machine_code
from servicepolicy_optimizer.compiled.machine_code import SOURCES, bare_machine_code, state_of

SOURCE = """
from servicepolicy_optimizer.compiled.machine_code import machine_code

@machine_code
def twice(number):
    return 2 * number
"""


@pytest.fixture
def compiled(tmp_path):
    """A function of a module of its own, as a new process meets it."""

    def meet():
        path = tmp_path / "of_a_test.py"
        if not path.exists():
            path.write_text(SOURCE)
        spec = importlib.util.spec_from_file_location("of_a_test", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["of_a_test"] = module
        spec.loader.exec_module(module)
        return module.twice

    yield meet
    sys.modules.pop("of_a_test", None)


def test_what_was_compiled_is_found_again(compiled):
    first = compiled()
    assert first(3) == 6 and not first.stats.cache_hits
    again = compiled()
    assert again(3) == 6 and again.stats.cache_hits


def test_what_was_compiled_from_other_functions_and_numbers_is_not(compiled, tmp_path, monkeypatch):
    (tmp_path / "callee.py").write_text("SHARE = 0.5")
    monkeypatch.setattr(machine_code, "SOURCES", (*SOURCES, tmp_path))
    assert compiled()(3) == 6
    (tmp_path / "callee.py").write_text("SHARE = 0.6")
    state_of.cache_clear()
    changed = compiled()
    assert changed(3) == 6 and not changed.stats.cache_hits


def test_all_that_machine_code_is_made_from_lies_in_the_rooms_that_are_looked_at():
    """Functions and numbers of ours that compiled files import."""
    for file in SOURCES[0].glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("servicepolicy"):
                assert node.module.split(".")[1] in {room.name for room in SOURCES}


def test_a_full_disk_of_the_cache_is_no_matter(compiled, monkeypatch):
    def full(*asked):
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "_save_data", full)
    assert compiled()(3) == 6


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("kept", [b"", b"no machine code"])
def test_what_was_written_in_part_is_compiled_again(compiled, tmp_path, suffix, kept):
    assert compiled()(3) == 6
    (file,) = Path(tmp_path).glob(f"**/of_a_test*.{suffix}")
    file.write_bytes(kept)
    assert compiled()(3) == 6


def test_a_function_that_makes_an_array_cannot_be_bare():
    @bare_machine_code
    def made(size):
        return np.empty(size)[0]

    with pytest.raises(TypingError):
        made(3)
