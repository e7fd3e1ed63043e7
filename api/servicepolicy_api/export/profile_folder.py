"""The sales activity profiles as files in one folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from servicepolicy_api.files import whole_file
from servicepolicy_models.profile import Profile

if TYPE_CHECKING:
    from pandas import DataFrame


def write_profile(profile: Profile, accounts: Mapping[str, "DataFrame"], folder: Path) -> None:
    """Write profile.json, profile-customers.csv and profile-items.csv."""
    for name, rows in accounts.items():
        with whole_file(folder / f"profile-{name}.csv") as part:
            rows.to_csv(part, index=False, lineterminator="\n")
    with whole_file(folder / "profile.json") as part:
        part.write_text(profile.model_dump_json(indent=2) + "\n", encoding="utf-8")
