"""Why the answer may be believed."""

from rich.table import Table

from servicepolicy_api.show.amounts import gap, money
from servicepolicy_api.show.screen import titled
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held

SENTENCE_OF = {
    Held.OPTIMAL: "Proven: no policy is cheaper by more than the two gaps.",
    Held.FEASIBLE: "Keeps every promise; a cheaper policy may exist, but not by more than the two gaps.",
    Held.INFEASIBLE: "Proven: no policy keeps every promise.",
    Held.NOTHING: "No policy was found, nor a proof that there is none.",
}


def proof(policy: Policy) -> Table:
    """What is held, why the solver stopped, the gaps, the audit, the seconds."""
    given = policy.proof
    slowest = sorted(given.seconds.items(), key=lambda one: -one[1])
    rows = {
        "held": f"{given.held.value}. {SENTENCE_OF[given.held]}",
        "stopped": given.stopped.value.replace("_", " "),
        "objective": money(given.objective),
        "gap to the master model": gap(given.master_gap),
        "gap to every choice for every item": gap(given.item_level_gap),
        "audit, largest difference": gap(given.audit_difference),
        "size": ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in given.size.items()),
        "seconds": ", ".join(f"{stage.replace('_', ' ')} {seconds:.2f}" for stage, seconds in slowest),
        "scenario": f"SHA-256 {given.scenario_sha256}, seed {given.seed}",
    }
    table = titled("Proof", "", "")
    table.show_header = False
    for name, value in rows.items():
        table.add_row(name, value)
    return table
