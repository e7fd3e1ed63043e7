"""The service against a model of it in memory: whatever is asked in whatever order, both say the same."""

import itertools
import json
from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.api.http import misbehaving

ASYNC, WAIT = {"Prefer": "respond-async"}, {"Prefer": "wait=30"}
PATCH = {"Content-Type": "application/merge-patch+json"}
EXAMPLE = itertools.count(1)
NAMES = st.sampled_from(["base", "Grundfall ä", "x"])
RATES = st.sampled_from([0.1, 0.2, 0.3])
TAGS = st.sampled_from(["head", "head", "older", "newer", "new", "unsaid"])
"""What a change says of the version that it is meant for; most changes shall succeed."""


@dataclass
class Asked:
    """A run as the model knows it."""

    question: tuple[float, int]
    state: str
    cached_from: str | None = None


@dataclass
class Model:
    """What the service has to hold: a seed of its own tells the examples apart."""

    seed: int
    scenarios: dict[str, list[float]] = field(default_factory=dict)
    """Name -> the carrying rate of each version."""
    runs: dict[str, Asked] = field(default_factory=dict)
    policies: dict[str, list[str]] = field(default_factory=dict)
    """Name -> the run of each version."""
    keyed: dict[str, tuple[object, str]] = field(default_factory=dict)
    """Idempotency-Key -> what was asked under it, and the run."""

    def answered(self, question):
        """The run that answered a question first."""
        whole = [name for name, one in self.runs.items() if one.question == question and not one.cached_from]
        return next((name for name in whole if self.runs[name].state == "succeeded"), None)


class Service(RuleBasedStateMachine):
    """Rules are requests. Each says what the model expects, and changes the model."""

    client = document = None

    @initialize()
    def begin(self):
        self.model = Model(next(EXAMPLE))

    def scenario(self, rate):
        changed = {"carrying_rate_per_year": rate, "limits": {"seed": self.model.seed}}
        return json.loads(json.dumps(self.document)) | changed

    def name(self, name):
        return f"{name} {self.model.seed}"

    @staticmethod
    def said(tag, head):
        """The headers of a change, and the status that refuses it; None: it is made."""
        if tag == "unsaid":
            return {}, 428
        if tag == "new":
            return {"If-None-Match": "*"}, 412 if head else None
        meant = {"head": head or 1, "older": max(head - 1, 0), "newer": head + 1}[tag]
        return {"If-Match": f'"{meant}"'}, None if meant == head and head else 412

    # Scenarios

    @rule(name=NAMES, rate=RATES, tag=TAGS)
    def put(self, name, rate, tag):
        kept = self.model.scenarios.get(name, [])
        headers, refused = self.said(tag, len(kept))
        answered = self.client.put(
            f"/v1/scenarios/{self.name(name)}", json=self.scenario(rate), headers=headers
        )
        assert answered.status_code == (refused or 201), answered.text
        if not refused:
            self.model.scenarios[name] = [*kept, rate]
            assert answered.headers["ETag"] == f'"{len(kept) + 1}"'

    @rule(name=NAMES, to=st.none() | NAMES, rate=RATES, tag=TAGS)
    def patch(self, name, to, rate, tag):
        kept, there = self.model.scenarios.get(name, []), self.model.scenarios.get(to or name, [])
        headers, _ = self.said(tag, len(kept))
        meant = int(headers["If-Match"].strip('"')) if "If-Match" in headers else len(kept)
        if tag == "unsaid":
            expected = 428
        elif not 1 <= meant <= len(kept):
            expected = 404
        elif to is None:
            expected = 412 if tag == "new" or meant != len(kept) else 201
        else:
            expected = 412 if there else 201
        answered = self.client.patch(
            f"/v1/scenarios/{self.name(name)}", json={"carrying_rate_per_year": rate},
            headers={**headers, **PATCH}, params={"to": self.name(to)} if to else {},
        )  # fmt: skip
        assert answered.status_code == expected, answered.text
        if expected == 201:
            self.model.scenarios[to or name] = [*there, rate]
            told = answered.json()
            assert (told["parent_name"], told["parent_version"]) == (self.name(name), meant)

    @rule(name=NAMES, version=st.integers(0, 4))
    def look(self, name, version):
        """version 0: the newest."""
        kept = self.model.scenarios.get(name, [])
        answered = self.client.get(
            f"/v1/scenarios/{self.name(name)}", params={"version": version} if version else {}
        )
        number = version or len(kept)
        if not 1 <= number <= len(kept):
            assert answered.status_code == 404
            return
        told = answered.json()
        assert answered.headers["ETag"] == f'"{number}"'
        assert (told["version"], told["scenario"]["carrying_rate_per_year"]) == (number, kept[number - 1])
        listed = self.client.get(f"/v1/scenarios/{self.name(name)}/versions").json()["scenarios"]
        assert [one["version"] for one in listed] == list(range(len(kept), 0, -1))

    # Runs

    @rule(rate=RATES)
    def ask(self, rate):
        self.asked(rate, self.client.post("/v1/runs", json={"scenario": self.scenario(rate)}, headers=WAIT))

    @rule(name=NAMES, rate=st.none() | RATES)
    def ask_of_a_name(self, name, rate):
        body = {"base": {"name": self.name(name)}}
        kept = self.model.scenarios.get(name, [])
        if rate is not None:
            body["patch"] = {"carrying_rate_per_year": rate}
        answered = self.client.post("/v1/runs", json=body, headers=WAIT)
        if not kept:
            assert answered.status_code == 404
            return
        self.asked(rate or kept[-1], answered)
        assert answered.json()["scenario"]["version"] == len(kept)

    def asked(self, rate, answered):
        """Take in a run that was asked and waited for."""
        assert answered.status_code in (200, 202), answered.text
        told, question = answered.json(), (rate, self.model.seed)
        if answered.status_code == 202:  # on a machine that is busy with other things
            self.client.get(f"/v1/runs/{told['id']}/events")
            told = self.client.get(f"/v1/runs/{told['id']}").json()
        assert (told["state"], told["outcome"]) == ("succeeded", "optimal")
        assert told["cached_from"] == self.model.answered(question)
        assert told["id"] not in self.model.runs
        self.model.runs[told["id"]] = Asked(question, "succeeded", told["cached_from"])
        return told["id"]

    @rule(key=st.sampled_from(["k1", "k2"]), rate=RATES)
    def ask_under_a_key(self, key, rate):
        named = {"Idempotency-Key": f"{key} {self.model.seed}", **WAIT}
        answered = self.client.post("/v1/runs", json={"scenario": self.scenario(rate)}, headers=named)
        if key not in self.model.keyed:
            self.model.keyed[key] = (rate, self.asked(rate, answered))
        elif self.model.keyed[key][0] != rate:
            assert answered.status_code == 409
        else:
            assert answered.json()["id"] == self.model.keyed[key][1]

    @rule()
    @precondition(lambda self: sum(one.state == "open" for one in self.model.runs.values()) < 2)
    def ask_what_takes_for_ever(self):
        answered = self.client.post("/v1/runs", json={"scenario": self.scenario(0.9)}, headers=ASYNC)
        assert answered.status_code == 202
        self.model.runs[answered.json()["id"]] = Asked((0.9, self.model.seed), "open")

    @rule(data=st.data())
    @precondition(lambda self: self.model.runs)
    def cancel(self, data):
        run_id = data.draw(st.sampled_from(sorted(self.model.runs)))
        known = self.model.runs[run_id]
        answered = self.client.post(f"/v1/runs/{run_id}:cancel")
        assert answered.status_code in (200, 202)
        if known.state == "open":
            known.state = "cancelled"
        self.client.get(f"/v1/runs/{run_id}/events")  # ends when the run has ended
        assert self.client.get(f"/v1/runs/{run_id}").json()["state"] == known.state

    @rule(data=st.data())
    @precondition(lambda self: self.model.runs)
    def look_at_a_run(self, data):
        run_id = data.draw(st.sampled_from(sorted(self.model.runs)))
        known = self.model.runs[run_id]
        told = self.client.get(f"/v1/runs/{run_id}").json()
        assert told["state"] in (("queued", "running") if known.state == "open" else (known.state,))
        expected = {"succeeded": 200, "open": 409, "cancelled": 404}[known.state]
        assert self.client.get(f"/v1/runs/{run_id}/policy").status_code == expected

    # Policies in force

    @rule(name=NAMES, tag=TAGS, data=st.data())
    @precondition(lambda self: self.model.runs)
    def publish(self, name, tag, data):
        run_id = data.draw(st.sampled_from(sorted(self.model.runs)))
        kept = self.model.policies.get(name, [])
        headers, refused = self.said(tag, len(kept))
        if refused != 428:
            refused = {"succeeded": refused, "open": 409, "cancelled": 404}[self.model.runs[run_id].state]
        answered = self.client.put(f"/v1/policies/{self.name(name)}", json={"run": run_id}, headers=headers)
        assert answered.status_code == (refused or 201), answered.text
        if not refused:
            self.model.policies[name] = [*kept, run_id]

    @rule(name=NAMES)
    def policy_in_force(self, name):
        kept = self.model.policies.get(name, [])
        answered = self.client.get(f"/v1/policies/{self.name(name)}/history")
        assert answered.status_code == (200 if kept else 404)
        if kept:
            assert [one["run"] for one in answered.json()["policies"]] == kept[::-1]

    def teardown(self):
        for run_id, known in self.model.runs.items():
            if known.state == "open":
                self.client.post(f"/v1/runs/{run_id}:cancel")


def test_the_service_does_what_its_model_does(client_with, document):
    Service.client = client_with(entry=misbehaving.sleeps_when_dear, concurrent_solves=6)
    Service.document = document
    few = settings(
        max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Service, settings=few)
