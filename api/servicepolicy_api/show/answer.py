"""The whole answer in the terminal."""

from rich.console import Console

from servicepolicy_api.show.costs import NAME_OF, costs
from servicepolicy_api.show.findings import print_findings
from servicepolicy_api.show.matrix import matrices
from servicepolicy_api.show.proof import proof
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_api.show.segments import segments
from servicepolicy_api.show.stock import stock
from servicepolicy_api.show.uses import uses
from servicepolicy_models.evidence import PolicyEvidence
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held

MOST_BREAKS_TOLD = 3
"""Of what a baseline breaks; the files hold everything."""


def print_policy(policy: Policy, console: Console | None = None) -> None:
    """Print the promises first, then what they cost and why the answer may be believed."""
    console = console or screen()
    if policy.conflicts:
        _print_conflicts(policy, console)
    if policy.segments:
        for table in (*matrices(policy), segments(policy), costs(policy), stock(policy)):
            if table is not None:
                console.print(table)
        _print_baselines(policy, console)
    if policy.evidence is not None:
        _print_evidence(policy.evidence, console)
    if policy.uses:
        console.print(uses(policy))
    if policy.findings:
        console.print("Findings", style="bold")
        print_findings(policy.findings, console)
    if policy.assumptions:
        console.print("Assumed, not measured", style="bold")
        for assumption in policy.assumptions:
            console.print(f"- {assumption}", soft_wrap=True)
    console.print(proof(policy))


def _print_evidence(evidence: PolicyEvidence, console: Console) -> None:
    console.print("How sure the promises are", style="bold")
    console.print(evidence.sentence, soft_wrap=True)
    for one in evidence.segments:
        region = "" if one.region == "*" else f" {one.region}"
        console.print(f"- {one.customer_class}-{one.item_class}{region}: {one.sentence}", soft_wrap=True)


def _print_conflicts(policy: Policy, console: Console) -> None:
    proven = policy.proof.held is Held.INFEASIBLE
    title = (
        "No policy keeps every promise: these cannot hold together"
        if proven
        else "No policy was found that keeps every promise: these stand against it"
    )
    table = titled(title, "where", "what cannot be kept", "family")
    for conflict in policy.conflicts:
        table.add_row(conflict.where, conflict.sentence, conflict.family)
    console.print(table)


def _print_baselines(policy: Policy, console: Console) -> None:
    for baseline in policy.baselines:
        told = [sentence.rstrip(".") for sentence in baseline.breaks[:MOST_BREAKS_TOLD]]
        rest = len(baseline.breaks) - len(told)
        told += [f"and {rest} more, see --json"] if rest else []
        breaks = f" It breaks: {'; '.join(told)}." if told else ""
        console.print(f"{NAME_OF[baseline.name]}: {baseline.sentence}{breaks}", soft_wrap=True)
