"""The synthetic distributor as a file: a scenario of as many segments as asked, its demand inline."""

import re
from pathlib import Path

import numpy as np
import orjson

from servicepolicy_api.files import whole_file, writable_folder
from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_optimizer.synthetic import Matrix, distributor

MOST_CLASSES = 26
MOST_SEGMENTS = 20_000


class MatrixRejected(ServicePolicyError):
    """No segments can be made of this matrix."""

    code = "generate.matrix_rejected"


def write_distributor(folder: Path, seed: int, matrix: str) -> Path:
    """Write scenario.json into a folder and return its path; the same seed and matrix give the same bytes.

    matrix: `9x3x37`. Raises MatrixRejected, and FileRejected when the folder cannot be written to.
    """
    asked = _read(matrix)
    writable_folder(folder)
    document = distributor(np.random.default_rng(seed), asked)
    with whole_file(folder / "scenario.json") as part:
        part.write_bytes(orjson.dumps(document))
    return folder / "scenario.json"


def _read(matrix: str) -> Matrix:
    found = re.fullmatch(r"([1-9]\d{0,3})x([1-9]\d{0,3})x([1-9]\d{0,3})", matrix)
    asked = Matrix(*map(int, found.groups())) if found else None
    if (
        asked is None
        or max(asked.customer_classes, asked.item_classes) > MOST_CLASSES
        or asked.customer_classes * asked.item_classes * asked.regions > MOST_SEGMENTS
    ):
        raise MatrixRejected(
            [
                error(
                    "--matrix",
                    f"{matrix!r} is no matrix of classes and regions.",
                    "generate.matrix",
                    f"Say customer classes x item classes x regions, such as 9x3x37: at most {MOST_CLASSES} "
                    f"classes on a side and {MOST_SEGMENTS:,} segments.",
                )
            ]
        )
    return asked
