"""Write the golden LPs anew: `python -m tests.golden.write`. Read the difference before you commit it."""

from pathlib import Path

from tests.golden.families import families, golden_lp

GOLDEN = Path(__file__).parent


def main() -> None:
    """One file a family; files of families that are gone are removed."""
    for old in GOLDEN.glob("*.lp"):
        old.unlink()
    for family in families():
        (GOLDEN / f"{family}.lp").write_text(golden_lp(family), encoding="utf-8")


if __name__ == "__main__":
    main()
