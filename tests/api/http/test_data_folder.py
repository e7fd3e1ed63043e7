"""Order lines that lie on the server: found by name within one folder, and nowhere else."""

import json
import os

import numpy as np
import pytest

from servicepolicy_models.policy import Policy
from servicepolicy_optimizer.synthetic import wholesaler


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory):
    """A small wholesaler, and a secret outside its folder with links that lead to it."""
    folder = tmp_path_factory.mktemp("served") / "data"
    (folder / "below").mkdir(parents=True)
    made = wholesaler(np.random.default_rng(3), customers=20, items=12, lines=400)
    made.order_lines.to_csv(folder / "order_lines.csv", index=False)
    made.items.to_csv(folder / "below" / "items.csv", index=False)
    secret = folder.parent / "secret.csv"
    secret.write_bytes((folder / "order_lines.csv").read_bytes())
    (folder / "link.csv").symlink_to(secret)
    (folder / "out").symlink_to(folder.parent)
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "inner.csv").symlink_to("order_lines.csv")
    return folder


@pytest.fixture
def asks_for(checkout):
    """The wholesaler's scenario with other file names."""

    def document(path, item_table="below/items.csv"):
        shipped = checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json"
        read = json.loads(shipped.read_bytes())
        read["demand"] |= {"path": path, "item_table": item_table}
        read["stock_policies"] = ["pooled"]
        read["supply"] = read["supply"][1:]
        read["deployments"] = read["deployments"][:1]
        read["current_policy"] = []
        return read

    return document


@pytest.mark.parametrize("name", ["order_lines.csv", "inner.csv", "below/../order_lines.csv"])
def test_a_file_of_the_folder_is_read(client_with, data_folder, asks_for, name):
    answered = client_with(data_folder=data_folder).post("/v1/solve?items=false", json=asks_for(name))
    assert answered.status_code == 200, answered.text
    policy = Policy.model_validate_json(answered.content)
    assert sum(one.lines_per_year for one in policy.segments) > 100
    assert str(data_folder) not in answered.text


@pytest.mark.parametrize(
    "name",
    [
        "nothing.csv", "below", ".", "", "../secret.csv", "below/../../secret.csv", "link.csv",
        "out/secret.csv", "loop.csv", "/etc/passwd", "//etc/passwd", "a\x00b", "x" * 5000, "~/secret.csv",
        "order_lines.csv/x", "file:///etc/passwd", "http://localhost/x.csv", "*.csv", "order_lines.cs?",
    ],
)  # fmt: skip
def test_what_leads_out_of_the_folder_or_to_no_file_is_not_there(client_with, data_folder, asks_for, name):
    answered = client_with(data_folder=data_folder).post("/v1/solve", json=asks_for(name))
    assert answered.status_code == 422
    (told,) = answered.json()["errors"]
    assert (told["pointer"], told["rule"]) == ("/demand/path", "demand.no_file")
    assert str(data_folder.parent) not in answered.text


def test_every_wrong_name_is_told(client_with, data_folder, asks_for):
    answered = client_with(data_folder=data_folder).post("/v1/solve", json=asks_for("a.csv", "../b.csv"))
    assert [one["pointer"] for one in answered.json()["errors"]] == ["/demand/path", "/demand/item_table"]


def test_a_scenario_that_names_no_file_is_told(client_with, data_folder, asks_for):
    answered = client_with(data_folder=data_folder).post("/v1/solve", json=asks_for(None, None))
    assert [one["pointer"] for one in answered.json()["errors"]] == ["/demand/path"]


def test_without_a_folder_no_file_is_read(client, asks_for, data_folder):
    for name in ("order_lines.csv", str(data_folder / "order_lines.csv")):
        answered = client.post("/v1/solve", json=asks_for(name))
        assert answered.status_code == 422
        assert {one["rule"] for one in answered.json()["errors"]} == {"demand.no_data_folder"}


def test_a_file_that_cannot_be_read_is_told_without_its_place(client_with, data_folder, asks_for):
    (data_folder / "bad.csv").write_text("order_no,item\n1,2\n")
    answered = client_with(data_folder=data_folder).post("/v1/solve", json=asks_for("bad.csv"))
    assert answered.status_code == 422
    assert answered.json()["type"].endswith("order_lines.rejected")
    assert any("item_no" in one["detail"] for one in answered.json()["errors"])
    assert str(data_folder.parent) not in answered.text
    assert os.fspath(data_folder.parent.parent) not in answered.text
