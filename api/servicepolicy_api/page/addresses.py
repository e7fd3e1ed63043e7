"""Where every screen is found. An address that was shared leads to the same thing later."""

from urllib.parse import quote, urlencode

ROOT = "/page"
SCENARIOS, PROFILES, EDITS = f"{ROOT}/scenarios", f"{ROOT}/profiles", f"{ROOT}/edits"
RUNS, POLICIES, FRONTIERS = f"{ROOT}/runs", f"{ROOT}/policies", f"{ROOT}/frontiers"
COMPARE, SWEEPS, SOLVE = f"{ROOT}/compare", f"{ROOT}/sweeps", f"{ROOT}/solve"
NEW_SCENARIO, UPLOADS = f"{ROOT}/new-scenario", f"{ROOT}/uploads"
SIGN_IN, SIGN_OUT, LOOK = f"{ROOT}/sign-in", f"{ROOT}/sign-out", f"{ROOT}/look"


def new_scenario(dataset: str | None = None, copy: str | None = None) -> str:
    """Where a scenario is begun; from the order lines of a data set, or as a copy of a name."""
    return asking(NEW_SCENARIO, dataset=dataset, copy=copy)


def scenario(name: str, version: int | None = None) -> str:
    """A scenario with its versions.

    >>> scenario("gifts 2026", 3)
    '/page/scenarios/gifts%202026?version=3'
    """
    return asking(f"{SCENARIOS}/{quote(name, safe='')}", version=version)


def profile(name: str, version: int | None = None) -> str:
    """The profile of a scenario's order lines."""
    return asking(f"{SCENARIOS}/{quote(name, safe='')}/profile", version=version)


def edit(name: str) -> str:
    """Where the next version of a scenario is written."""
    return f"{SCENARIOS}/{quote(name, safe='')}/edit"


def run(run_id: str) -> str:
    """A run: how far it is, how it ended."""
    return f"{RUNS}/{run_id}"


def solve(scenario: str | None = None, version: int | None = None) -> str:
    """Where a solve of a named scenario is begun.

    >>> solve("gifts", 3)
    '/page/solve?scenario=gifts&version=3'
    """
    return asking(SOLVE, scenario=scenario, version=version)


def runs(scenario: str | None = None, kind: str | None = None, state: str | None = None) -> str:
    """The list of runs; of one scenario, kind or state."""
    return asking(RUNS, scenario=scenario, kind=kind, state=state)


def policy(run_id: str) -> str:
    """The policy that a run found."""
    return f"{RUNS}/{run_id}/policy"


def segment(run_id: str, customer_class: str, item_class: str, region: str, **more: object) -> str:
    """One segment of a policy: its path, items and evidence. more: page, find."""
    return asking(
        f"{policy(run_id)}/segment", customers=customer_class, items=item_class, region=region, **more
    )


def download(run_id: str, name: str, **form: object) -> str:
    """A file of a run: `policy.xlsx`, `item-parameters.csv`."""
    return asking(f"{RUNS}/{run_id}/files/{name}", **form)


def policies(name: str | None = None) -> str:
    """The policies in force; or one name with its history."""
    return POLICIES if name is None else f"{POLICIES}/{quote(name, safe='')}"


def frontier(run_id: str) -> str:
    """Cost against service, as a run of kind `frontier` found it."""
    return f"{FRONTIERS}/{run_id}"


def ask_frontier(run_id: str | None = None, scenario: str | None = None) -> str:
    """Where a frontier is asked for, of a run's scenario or of a named one."""
    return asking(FRONTIERS, run=run_id, scenario=scenario)


def compare(*run_ids: str) -> str:
    """Two to six runs side by side.

    >>> compare("a", "b")
    '/page/compare?runs=a%2Cb'
    """
    return asking(COMPARE, runs=",".join(run_ids) or None)


def sweep(run_id: str) -> str:
    """A grid of patches, as a run of kind `sweep` answers it."""
    return f"{SWEEPS}/{run_id}"


def ask_sweep(run_id: str | None = None, scenario: str | None = None) -> str:
    """Where a sweep is asked for, of a run's scenario or of a named one."""
    return asking(SWEEPS, run=run_id, scenario=scenario)


def look(back: str, **chosen: str) -> str:
    """Choose language or colours, and come back."""
    return asking(LOOK, **chosen, back=back)


def is_ours(address: str) -> bool:
    r"""Whether an address leads to this page and nowhere else.

    >>> is_ours("/page/runs"), is_ours("//evil.example/page"), is_ours("/pages"), is_ours("/page/\\x")
    (True, False, False, False)
    """
    is_plain = all(33 <= ord(each) < 127 and each != "\\" for each in address)
    return is_plain and (address == ROOT or address.startswith((f"{ROOT}/", f"{ROOT}?")))


def asking(address: str, **parts: object) -> str:
    """An address with what is asked after the `?`.

    >>> asking("/page/x", version=None), asking("/page/x", version=2)
    ('/page/x', '/page/x?version=2')
    """
    said = {name: value for name, value in parts.items() if value is not None}
    return f"{address}?{urlencode(said)}" if said else address
