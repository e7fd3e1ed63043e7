"""Every constraint family reads as it was last read by a person."""

from pathlib import Path

import pytest

from tests.golden.families import families, golden_lp

GOLDEN = Path(__file__).parent


def test_every_family_has_a_golden_lp_and_every_golden_lp_a_family():
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(families())


@pytest.mark.parametrize("family", families())
def test_the_family_reads_as_written(family):
    written = (GOLDEN / f"{family}.lp").read_text(encoding="utf-8")
    assert golden_lp(family) == written, (
        "if this is meant: python -m tests.golden.write, and read the difference"
    )


@pytest.mark.parametrize("family", families())
def test_the_family_is_seen_in_its_golden_lp(family):
    written = (GOLDEN / f"{family}.lp").read_text(encoding="utf-8")
    objective = family in ("total_cost", "best_of_traded")
    assert f"{family}:" in written if objective else f"_{family}(" in written
