"""What the wheel carries beside the packages: the scenarios."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScenariosInTheWheel(BuildHookInterface[Any]):
    """Ships each scenario.json, so that an installed program knows the same questions as a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the scenarios to the builder; an editable install reads them where they lie."""
        if version == "standard":
            questions = Path(self.root, "scenarios").glob("*/scenario.json")
            build_data["force_include"] |= {
                str(path): f"servicepolicy_api/scenarios/{path.parent.name}/{path.name}" for path in questions
            }
