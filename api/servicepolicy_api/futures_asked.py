"""The futures that a command asks about, from a file or from the scenarios named."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from servicepolicy_api.explaining import read_noun
from servicepolicy_models.complaints import finding_of
from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.futures import FuturesAsked


def futures_asked(
    scenarios: Sequence[Path], file: Path | None, weights: Sequence[float], chosen: Mapping[str, object]
) -> FuturesAsked:
    """What the file says, or one future for each scenario; options that were given win over the file.

    Raises QuestionRejected or FileRejected with everything that is wrong with it.
    """
    if file is not None and weights:
        mend = "Write the weights into the file of futures, or name a scenario for each future."
        raise QuestionRejected(
            [error("--weight", "Weights are given beside a file of futures.", "futures.weights_twice", mend)]
        )
    if weights and len(weights) != len(scenarios):
        what = f"There are {len(scenarios)} scenarios and {len(weights)} weights."
        mend = "Give one --weight for each scenario, in their order."
        raise QuestionRejected([error("--weight", what, "futures.weights_missing", mend)])
    if file is not None:
        said = read_noun(file, FuturesAsked).model_dump(mode="json")
    else:
        names = [_name(path, scenarios) for path in scenarios]
        said = {
            "futures": [
                {"name": name, "weight": weights[n] if weights else 1.0} for n, name in enumerate(names)
            ]
        }
    said |= {name: value for name, value in chosen.items() if value is not None}
    try:
        return FuturesAsked.model_validate(said)
    except ValidationError as wrong:
        findings = [finding_of(one, FuturesAsked) for one in wrong.errors(include_url=False)]
        raise QuestionRejected(findings) from None


def _name(path: Path, among: Sequence[Path]) -> str:
    """The file's own name, its folder's where several files are called the same."""
    same = [other for other in among if other.stem == path.stem]
    return path.stem if len(same) == 1 else path.parent.name or str(path)
