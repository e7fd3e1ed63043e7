"""A JSON document becomes a policy, or every reason why it cannot."""

from pydantic import ValidationError

from servicepolicy_models.complaints import finding_of, is_echo
from servicepolicy_models.errors import PolicyRejected, error
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import BYTE_ORDER_MARK, MOST_FINDINGS


def read_policy(document: bytes) -> Policy:
    """Read a policy from JSON text (UTF-8) as `solve` wrote it. Raises PolicyRejected with every finding."""
    try:
        return Policy.model_validate_json(document.removeprefix(BYTE_ORDER_MARK), strict=True)
    except ValidationError as rejected:
        complaints = [one for one in rejected.errors(include_url=False) if not is_echo(one)]
        findings = [finding_of(one, Policy) for one in complaints[:MOST_FINDINGS]]
        if rest := len(complaints) - len(findings):
            mend = "Mend those above first; many findings often have one cause."
            findings.append(error("", f"There are {rest} more findings.", "policy.more_findings", mend))
        raise PolicyRejected(findings) from None
