"""The whole answer as files in one folder."""

from pathlib import Path

from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.policy_json import write_policy_json
from servicepolicy_api.export.policy_xlsx import write_policy_xlsx
from servicepolicy_api.export.segment_sheets import segments_sheet
from servicepolicy_api.export.stock_sheets import items_sheet
from servicepolicy_api.files import writable_folder
from servicepolicy_models.policy import Policy


def write_folder(policy: Policy, folder: Path) -> tuple[Path, ...]:
    """Write policy.json, policy.xlsx, policy-segments.csv and policy-items.csv; return their paths.

    All names begin with `policy`: the tables of the scenario itself may lie in the same folder. The tables of
    an infeasible scenario have headers and no rows, so that a folder never mixes two answers. Raises
    FileRejected when the folder cannot be written to.
    """
    writable_folder(folder)
    names = ("policy.json", "policy.xlsx", "policy-segments.csv", "policy-items.csv")
    as_json, as_xlsx, segments, items = (folder / name for name in names)
    write_csv(segments_sheet(policy), segments)
    write_csv(items_sheet(policy), items)
    write_policy_xlsx(policy, as_xlsx)
    write_policy_json(policy, as_json)
    return as_json, as_xlsx, segments, items
