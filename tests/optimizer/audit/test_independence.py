"""The audit knows no solver, and nothing of how the answer was found."""

import ast
import subprocess
import sys
from pathlib import Path

import servicepolicy_optimizer.audit

ROOM = "servicepolicy_optimizer"
MAY_USE = (
    f"{ROOM}.audit",
    f"{ROOM}.facts",
    f"{ROOM}.inventory.cycle_stockout",
    f"{ROOM}.inventory.demand",
    f"{ROOM}.inventory.excess",
    f"{ROOM}.inventory.lost_sales_shelf",
    f"{ROOM}.inventory.order_sizes",
    f"{ROOM}.inventory.replenishments",
    f"{ROOM}.inventory.shelf_laws",
    f"{ROOM}.inventory.shelf",
    f"{ROOM}.inventory.rationing",
    f"{ROOM}.paths.response_time",
)
"""The demand, the room of proved formulas, and the distribution of a sum of stages."""


def modules():
    (folder,) = servicepolicy_optimizer.audit.__path__
    return sorted(Path(folder).glob("*.py"))


def test_the_audit_imports_only_the_demand_and_proved_formulas():
    used = {
        node.module
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(ROOM)
    }
    assert used
    assert [name for name in sorted(used) if not name.startswith(MAY_USE)] == []


def test_the_audit_runs_without_a_solver():
    code = (
        "import sys; sys.modules.update({'pyomo': None, 'highspy': None});"
        "import servicepolicy_optimizer.audit;"
        "print([name for name in sys.modules if name.startswith(('pyomo.', 'highspy.'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr


def test_the_audit_takes_nothing_else_of_the_optimizer_with_it():
    code = (
        "import sys, servicepolicy_optimizer.audit;"
        f"print(sorted({{name.split('.')[1] for name in sys.modules if name.startswith('{ROOM}.')}}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rooms = set(ast.literal_eval(ran.stdout))
    assert rooms & {"curves", "master", "solve", "answer", "realise", "settle"} == set()
