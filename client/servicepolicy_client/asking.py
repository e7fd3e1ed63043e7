"""The client: each method is one request, except `wait`, which asks until a run has ended."""

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import httpx2

from servicepolicy_client.answers import Dataset, Found, PolicyInForce, Run, ScenarioVersion, Shelf, read
from servicepolicy_client.problems import problem

if TYPE_CHECKING:
    from pandas import DataFrame

Json = Mapping[str, Any]
TRIES = 3
"""How often a request that may be repeated is sent when the connection breaks."""


class Client:
    """A service, asked over HTTP. Raises a Problem of the kind that says what can be done about it."""

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        api_key: str | None = None,
        timeout_seconds: float = 60.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Nothing is asked yet. transport: the road to a service in the same process, as in tests."""
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._http = httpx2.Client(
            base_url=address, headers=headers, timeout=timeout_seconds, transport=transport
        )

    def __enter__(self) -> "Client":
        """Use it, and close it afterwards."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def example(self, name: str = "spare-parts") -> dict[str, Any]:
        """A ready-made scenario."""
        return self._json("GET", f"/v1/examples/{quote(name, safe='')}")

    def validate(self, scenario: Json) -> dict[str, Any]:
        """Everything that is wrong with a scenario, what was left to its defaults, and how large it is."""
        return self._json("POST", "/v1/scenarios:validate", json=dict(scenario), headers=_once())

    def solve(
        self, scenario: Json, *, deadline_seconds: float | None = None, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        """The policy of a scenario, in one call: what is held when the deadline is over."""
        asked = {} if deadline_seconds is None else {"deadline_seconds": deadline_seconds}
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
        return self._json("POST", "/v1/solve", json=dict(scenario), params=asked, headers=headers)

    def submit(
        self,
        scenario: Json | str | None = None,
        *,
        kind: str = "solve",
        run: str | None = None,
        patch: Json | None = None,
        settings: Json | None = None,
        deadline_seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> Run:
        """Ask for a run and return at once. scenario: the whole of it, or the name it is kept under.

        run: an earlier run whose scenario it is, and whose policy a simulation plays. Under one
        idempotency_key there is one run, however often this is called; absent, each call has its own.
        """
        body: dict[str, Any] = {"kind": kind, "settings": dict(settings or {})}
        if isinstance(scenario, str):
            body["base"] = {"name": scenario}
        elif scenario is not None:
            body["scenario"] = dict(scenario)
        given = {"run": run, "patch": patch, "deadline_seconds": deadline_seconds}
        body |= {name: value for name, value in given.items() if value is not None}
        headers = {"Prefer": "respond-async", "Idempotency-Key": idempotency_key or str(uuid4())}
        return read(Run, self._json("POST", "/v1/runs", json=body, headers=headers))

    def sweep(
        self,
        scenario: Json | str,
        *,
        patches: Sequence[Json] | None = None,
        grid: Sequence[Sequence[Json]] | None = None,
        idempotency_key: str | None = None,
    ) -> Run:
        """Ask for a run for every patch, or for every combination of a grid, and return at once."""
        given = {"patches": patches, "grid": grid}
        settings = {name: value for name, value in given.items() if value is not None}
        return self.submit(scenario, kind="sweep", settings=settings, idempotency_key=idempotency_key)

    def sweep_rows(self, run_id: str) -> list[dict[str, Any]]:
        """A row for every point of a sweep that has ended; there are more while it runs."""
        rows: list[dict[str, Any]] = self.document(run_id, "rows")
        return rows

    def run(self, run_id: str) -> Run:
        """A run as it is now."""
        return read(Run, self._json("GET", f"/v1/runs/{run_id}"))

    def runs(self, limit: int = 50, **which: str) -> list[Run]:
        """The newest runs; `which`: state, kind, outcome, scenario, parent."""
        told = self._json("GET", "/v1/runs", params={"limit": limit, **which})
        return [read(Run, one) for one in told["runs"]]

    def wait(self, run_id: str, seconds: float = 300.0, every_seconds: float = 0.2) -> Run:
        """The run when it has ended. Raises TimeoutError when it takes longer."""
        until = time.monotonic() + seconds
        while not (found := self.run(run_id)).is_final:
            if time.monotonic() > until:
                raise TimeoutError(f"run {run_id} is still {found.state}")
            time.sleep(every_seconds)
        return found

    def cancel(self, run_id: str) -> Run:
        """Stop a run; what it holds is kept."""
        return read(Run, self._json("POST", f"/v1/runs/{run_id}:cancel", headers=_once()))

    def policy(self, run_id: str, items: bool = False) -> dict[str, Any]:
        """The policy of a run."""
        return self._json("GET", f"/v1/runs/{run_id}/policy", params={"items": items})

    def segments(self, run_id: str) -> list[dict[str, Any]]:
        """The segments of a run's policy: promise, means, cost."""
        rows: list[dict[str, Any]] = self.policy(run_id)["segments"]
        return rows

    def items(self, run_id: str) -> list[dict[str, Any]]:
        """The item rows of a run's policy: reorder point, order quantity, reserve levels."""
        return self._rows(f"/v1/runs/{run_id}/items")

    def table(self, run_id: str, name: str) -> list[dict[str, Any]]:
        """Any table of a run, such as `segments` of a simulation."""
        return self._rows(f"/v1/runs/{run_id}/results/{quote(name, safe='')}")

    def document(self, run_id: str, name: str) -> Any:
        """Any document of a run, such as `profile`."""
        return self._asked("GET", f"/v1/runs/{run_id}/results/{quote(name, safe='')}").json()

    def items_frame(self, run_id: str) -> "DataFrame":
        """The item rows as a data frame (needs pandas)."""
        import pandas as pd

        return pd.DataFrame(self.items(run_id))

    def segments_frame(self, run_id: str) -> "DataFrame":
        """The segments as a data frame (needs pandas)."""
        import pandas as pd

        return pd.json_normalize(self.segments(run_id))

    def scenario(self, name: str, version: int | None = None) -> ScenarioVersion:
        """A named scenario, the newest version unless one is named."""
        asked = {} if version is None else {"version": version}
        return read(ScenarioVersion, self._json("GET", _named("scenarios", name), params=asked))

    def keep_scenario(
        self, name: str, scenario: Json, *, changes: ScenarioVersion | None = None, note: str = ""
    ) -> ScenarioVersion:
        """Keep a scenario as a new name, or as the version after the one that it changes. Raises Stale."""
        told = self._json(
            "PUT", _named("scenarios", name), json=dict(scenario), params={"note": note},
            headers=_meant(changes),
        )  # fmt: skip
        return read(ScenarioVersion, told)

    def patch_scenario(self, changes: ScenarioVersion, patch: Json, *, note: str = "") -> ScenarioVersion:
        """Make the next version by a JSON merge patch on the one that it changes. Raises Stale."""
        headers = {**_meant(changes), "Content-Type": "application/merge-patch+json"}
        told = self._json(
            "PATCH",
            _named("scenarios", changes.name),
            json=dict(patch),
            params={"note": note},
            headers=headers,
        )
        return read(ScenarioVersion, told)

    def upload(self, content: bytes, media_type: str = "text/csv", title: str = "") -> Dataset:
        """Upload a table of order lines, items or customers."""
        told = self._json(
            "POST", "/v1/datasets", content=content, params={"title": title},
            headers={"Content-Type": media_type, "Idempotency-Key": str(uuid4())},
        )  # fmt: skip
        return read(Dataset, told)

    def publish(
        self, name: str, run_id: str, *, changes: PolicyInForce | None = None, note: str = ""
    ) -> PolicyInForce:
        """Put a run's policy in force: under a new name, or after the version it changes. Raises Stale."""
        told = self._json(
            "PUT", _named("policies", name), json={"run": run_id, "note": note}, headers=_meant(changes)
        )
        return read(PolicyInForce, told)

    def in_force(self, name: str) -> PolicyInForce:
        """Which run's policy is in force."""
        return read(PolicyInForce, self._json("GET", _named("policies", name)))

    def lookup(self, name: str, item: str, **line: str) -> Found:
        """What an order line is promised. line: customer, or customer_class; region."""
        told = self._json("GET", f"{_named('policies', name)}/lookup", params={"item": item, **line})
        return read(Found, told | {"shelves": tuple(read(Shelf, one) for one in told["shelves"])})

    def item_parameters(self, name: str, form: str = "plain") -> str:
        """The item parameters of the policy in force as CSV: `plain`, `odoo` or `erpnext`."""
        return str(
            self._asked("GET", f"{_named('policies', name)}/item-parameters", params={"form": form}).text
        )

    def _rows(self, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._json("GET", path, headers={"Accept": "application/json"})["rows"]
        return rows

    def _json(self, method: str, path: str, **asked: Any) -> dict[str, Any]:
        told: dict[str, Any] = self._asked(method, path, **asked).json()
        return told

    def _asked(self, method: str, path: str, **asked: Any) -> httpx2.Response:
        """Send a request; again, if the connection broke and it happens once all the same."""
        headers = asked.get("headers", {})
        tries = TRIES if method in ("GET", "PUT") or "Idempotency-Key" in headers else 1
        while True:
            tries -= 1
            try:
                answered = self._http.request(method, path, **asked)
                break
            except httpx2.TransportError:
                if not tries:
                    raise
        if answered.is_success:
            return answered
        is_json = "json" in answered.headers.get("content-type", "")
        raise problem(answered.status_code, answered.json() if is_json else {})


def _once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def _named(kind: str, name: str) -> str:
    return f"/v1/{kind}/{quote(name, safe='')}"


def _meant(changes: ScenarioVersion | PolicyInForce | None) -> dict[str, str]:
    """The headers that say what a change is meant for; each change happens once."""
    meant = {"If-None-Match": "*"} if changes is None else {"If-Match": changes.etag}
    return {**meant, "Idempotency-Key": str(uuid4())}
