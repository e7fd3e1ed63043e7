"""What can go wrong, by name. The docstring of an error is its message."""

from collections.abc import Sequence
from typing import ClassVar

from servicepolicy_models.findings import Finding, Severity


class ServicePolicyError(Exception):
    """Something in the question keeps it from being answered."""

    code: ClassVar[str] = "servicepolicy.error"

    def __init__(self, findings: Sequence[Finding] = ()) -> None:
        """Carry every finding; the message is the class's own sentence and the findings, a line each."""
        self.findings = tuple(findings)
        lines = [f"{f.where}: {f.what} {f.mend}".rstrip() for f in self.findings]
        super().__init__("\n".join([(type(self).__doc__ or "").strip(), *lines]))


class ScenarioRejected(ServicePolicyError):
    """The scenario breaks a rule of its schema or contradicts itself."""

    code = "scenario.rejected"


class OrderLinesRejected(ServicePolicyError):
    """The order lines cannot be read as the scenario describes them."""

    code = "order_lines.rejected"


class TableRejected(ServicePolicyError):
    """A table beside the order lines cannot be read as the scenario describes it."""

    code = "table.rejected"


class PolicyRejected(ServicePolicyError):
    """The policy cannot be read, or does not answer this scenario."""

    code = "policy.rejected"


class SimulationRejected(ServicePolicyError):
    """The policy cannot be simulated as asked."""

    code = "simulation.rejected"


class TooLarge(ServicePolicyError):
    """The question is larger than the limits of this installation."""

    code = "scenario.too_large"


class MachineFailed(ServicePolicyError):
    """The machine cannot do the work: a disk or a folder of its own failed."""

    code = "machine.failed"


class NothingToRepair(ServicePolicyError):
    """The scenario has a policy that keeps everything: there is nothing to repair."""

    code = "repairs.nothing_to_repair"


class NoPolicyToExplain(ServicePolicyError):
    """The scenario has no policy that keeps everything, so there is nothing to price or to draw."""

    code = "explain.no_policy"


class QuestionRejected(ServicePolicyError):
    """What is asked about the scenario does not fit it."""

    code = "question.rejected"


class AuditFailed(ServicePolicyError):
    """The policy's own figures do not survive being computed again without the solver."""

    code = "policy.audit_failed"


class SolverFailed(ServicePolicyError):
    """The solver stopped without an answer and without a proof that there is none."""

    code = "solver.failed"


def error(where: str, what: str, rule: str, mend: str) -> Finding:
    """Return a finding that blocks the answer."""
    return Finding(where=where, what=what, rule=rule, mend=mend, severity=Severity.ERROR)


def warning(where: str, what: str, rule: str, mend: str, count: int = 1) -> Finding:
    """Return a finding that the reader of the answer must know."""
    return Finding(where=where, what=what, rule=rule, mend=mend, severity=Severity.WARNING, count=count)


def note(where: str, what: str, rule: str, count: int) -> Finding:
    """Return a finding that only says which stated rule was applied, and how often."""
    return Finding(where=where, what=what, rule=rule, severity=Severity.NOTE, count=count)
