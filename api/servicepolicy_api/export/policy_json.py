"""The policy as JSON."""

from pathlib import Path

from servicepolicy_api.files import whole_file
from servicepolicy_models.policy import Policy


def write_policy_json(policy: Policy, path: Path) -> None:
    """Write the whole policy, readable by people too; the file appears complete or not at all."""
    with whole_file(path) as part:
        part.write_text(policy.model_dump_json(indent=2) + "\n", encoding="utf-8")
