"""Runs find what others computed, and answer as from nothing; what is damaged is computed again."""

import pytest

from tests.api.http.conftest import JSON


@pytest.fixture
def answers(client_with, spare_parts, tmp_path):
    """Asks the smallest question with another budget, and gives the answer without its times."""
    client = client_with(store_folder=tmp_path)

    def ask(document):
        # The same question twice would be answered from the ledger.
        answered = client.post("/v1/solve", json=document)
        assert answered.status_code == 200, answered.text
        policy = answered.json()
        policy["proof"].pop("seconds")
        return policy

    return ask


def kept(folder):
    return {path.name: path for path in (folder / "recall").iterdir()}


def test_a_what_if_finds_the_shelves_and_answers_as_from_nothing(answers, client_with, document, tmp_path):
    answers(document)
    before = set(kept(tmp_path))
    assert before
    document["budgets"] = {"total_cost": 1e6}
    found = answers(document)
    assert before < set(kept(tmp_path)), "another budget has waits of its own at most"
    alone = client_with(recall_bytes=0).post("/v1/solve", json=document).json()
    alone["proof"].pop("seconds")
    assert found == alone


def test_damaged_values_are_computed_again(answers, document, tmp_path):
    told = answers(document)
    for path in kept(tmp_path).values():
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    document["title"] = "asked again"
    again = answers(document)
    assert again["cost"] == told["cost"]
    assert again["items"] == told["items"]


def test_nothing_is_kept_where_nothing_shall_be(client_with, spare_parts, tmp_path):
    client = client_with(store_folder=tmp_path, recall_bytes=0)
    assert client.post("/v1/solve", content=spare_parts, headers=JSON).status_code == 200
    assert not (tmp_path / "recall").exists()


def test_a_replay_finds_nothing_that_was_computed_before(client_with, document, tmp_path):
    client = client_with(store_folder=tmp_path)
    run = client.post("/v1/runs", json={"scenario": document}, headers={"Prefer": "wait=30"}).json()
    for path in kept(tmp_path).values():
        path.unlink()
    again = client.post(f"/v1/runs/{run['id']}:replay", headers={"Prefer": "wait=30"}).json()
    assert again["replay"] == {"of": run["id"], "same": True, "differs": []}
    assert not kept(tmp_path)
