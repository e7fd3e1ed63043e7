"""Uploaded tables: streamed, looked at, named by scenarios, and never changed."""

import io
import json
import zipfile

import numpy as np
import pytest

from servicepolicy_api.beginning import first_rows
from servicepolicy_api.problems import Problem
from servicepolicy_api.uploading import first_look
from servicepolicy_optimizer.synthetic import wholesaler
from tests.api.http.test_problems import problem

CSV = {"Content-Type": "text/csv"}
PARQUET = {"Content-Type": "application/vnd.apache.parquet"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture(scope="module")
def made():
    """A small wholesaler."""
    return wholesaler(np.random.default_rng(3), customers=20, items=12, lines=400)


def in_form(frame, headers):
    """A table as the bytes of a media type."""
    file = io.BytesIO()
    if headers is CSV:
        return frame.to_csv(index=False).encode()
    frame.to_parquet(file) if headers is PARQUET else frame.to_excel(file, index=False, engine="xlsxwriter")
    return file.getvalue()


def test_more_rows_than_may_be_are_told(client_with, made):
    client = client_with(max_rows=10)
    answered = client.post("/v1/datasets", content=in_form(made.order_lines, CSV), headers=CSV)
    problem(answered, 413, "dataset.too_many_rows")
    assert client.get("/v1/datasets").json()["datasets"] == []


@pytest.mark.parametrize("headers", [CSV, PARQUET, XLSX])
def test_a_table_is_kept_and_looked_at(client, made, headers):
    content = in_form(made.order_lines, headers)
    answered = client.post("/v1/datasets?title=lines", content=content, headers=headers)
    assert answered.status_code == 201, answered.text
    told = answered.json()
    assert (told["rows"], told["title"]) == (len(made.order_lines), "lines")
    assert told["columns"] == list(made.order_lines.columns)
    assert client.get(answered.headers["Location"]).json() == told
    assert told["id"] in [one["id"] for one in client.get("/v1/datasets").json()["datasets"]]


def test_first_rows_of_a_file_that_arrived_damaged_are_told(tmp_path, made):
    """A first look takes the number of rows from the end of the file."""
    whole, path = in_form(made.order_lines, PARQUET), tmp_path / "lines.parquet"
    path.write_bytes(whole[:100] + bytes(3000) + whole[3100:])
    assert first_look(path, "500MB").rows == len(made.order_lines)
    with pytest.raises(Problem) as caught:
        first_rows(path, "500MB")
    assert (caught.value.status, caught.value.code) == (422, "dataset.unreadable")
    assert [one.where for one in caught.value.findings] == ["the file"]


def test_a_scenario_names_data_sets_and_its_policy_knows_the_customers(client_with, made, checkout, tmp_path):
    client = client_with(store_folder=tmp_path)
    lines = client.post("/v1/datasets", content=in_form(made.order_lines, CSV), headers=CSV).json()
    items = client.post("/v1/datasets", content=in_form(made.items, CSV), headers=CSV).json()
    read = json.loads((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())
    read["demand"] |= {"path": lines["path"], "item_table": items["path"]}
    read |= {"stock_policies": ["pooled"], "supply": read["supply"][1:], "current_policy": []}
    read["deployments"] = read["deployments"][:1]
    profile = client.post(
        "/v1/runs", json={"kind": "profile", "scenario": read}, headers={"Prefer": "wait=30"}
    )
    assert "failed" not in profile.text, profile.text
    run = client.post("/v1/runs", json={"scenario": read}, headers={"Prefer": "respond-async"}).json()
    while run["state"] in ("queued", "running"):
        client.get(f"/v1/runs/{run['id']}/events")
        run = client.get(f"/v1/runs/{run['id']}").json()
    assert run["state"] == "succeeded", run
    policy = client.get(f"/v1/runs/{run['id']}/policy").json()
    assert policy["segments"], policy["conflicts"]
    client.put("/v1/policies/lines", json={"run": run["id"]}, headers={"If-None-Match": "*"})
    line = made.order_lines.iloc[0]
    asked = {"item": str(line["item_no"]).strip().upper(), "customer": str(line["customer_no"])}
    found = client.get("/v1/policies/lines/lookup", params=asked)
    assert found.status_code == 200, found.text
    assert found.json()["customer_class"] in read["segmentation"]["customers"]["classes"]
    done = client.get(profile.headers["Location"]).json()
    assert done["outcome"] == "done"
    told = client.get(f"{profile.headers['Location']}/results/profile").json()
    assert told["total"]["lines"] > 100
    # The next question about these tables need not read them again.
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "recall").iterdir()}
    read["carrying_rate_per_year"] = 0.31
    again = client.post("/v1/solve", json=read)
    assert again.json()["segments"], again.text
    assert len([path for path, asked in kept.items() if path.stat().st_mtime_ns > asked]) >= 2
    asked = {"item": str(line["item_no"]).strip().upper(), "customer": str(line["customer_no"])}
    client.put(
        "/v1/policies/again",
        json={"run": again.headers["Location"].rpartition("/")[2]},
        headers={"If-None-Match": "*"},
    )
    other = client.get("/v1/policies/again/lookup", params=asked)
    assert other.json()["customer_class"] == found.json()["customer_class"]


@pytest.mark.parametrize("path", ["dataset:none", "dataset:01890a5d-ac96-774b-bcce-b302099a8057", "dataset:"])
def test_a_data_set_that_is_not_there_is_told(client, checkout, path):
    read = json.loads((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())
    read["demand"] |= {"path": path, "item_table": None}
    told = problem(client.post("/v1/solve", json=read), 422, "scenario.rejected")
    assert [(one["pointer"], one["rule"]) for one in told["errors"]] == [
        ("/demand/path", "demand.no_dataset")
    ]


@pytest.mark.parametrize(
    ("content", "headers"),
    [(b"", CSV), (b"PAR1", PARQUET), (b"no book", XLSX), (b"{", {"Content-Type": "application/json"})],
)
def test_what_is_no_table_is_told_and_not_kept(client, content, headers):
    before = client.get("/v1/datasets").json()
    answered = client.post("/v1/datasets", content=content, headers=headers)
    told = problem(answered, 422, "dataset.unreadable")
    assert told["errors"]
    assert client.get("/v1/datasets").json() == before


def test_another_media_type_is_415(client):
    answered = client.post("/v1/datasets", content=b"x", headers={"Content-Type": "image/png"})
    problem(answered, 415, "body.media_type")
    assert "text/csv" in answered.headers["Accept"]


def test_too_much_is_413_whether_its_length_is_told_or_not(client_with):
    client = client_with(max_upload_bytes=1_000)
    problem(client.post("/v1/datasets", content=b"a,b\n" * 1_000, headers=CSV), 413, "body.too_large")
    chunks = (b"a,b\n" * 100 for _ in range(10))
    problem(client.post("/v1/datasets", content=chunks, headers=CSV), 413, "body.too_large")


def test_a_file_that_unpacks_to_a_mountain_is_413(client):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    answered = client.post("/v1/datasets", content=file.getvalue(), headers=XLSX)
    problem(answered, 413, "body.unpacks_too_large")


def test_a_file_that_lies_about_what_it_unpacks_to_is_413(client):
    size = 50_000_000
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    content = file.getvalue().replace(size.to_bytes(4, "little"), (7).to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert [part.file_size for part in packed.infolist()] == [7]
    problem(client.post("/v1/datasets", content=content, headers=XLSX), 413, "body.unpacks_too_large")


@pytest.mark.parametrize(
    "content", [b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\xff" * 60], ids=["empty", "damaged"]
)
def test_a_packed_file_without_a_table_is_told(client, content):
    problem(client.post("/v1/datasets", content=content, headers=XLSX), 422, "dataset.unreadable")


def test_a_data_set_whose_file_has_vanished_is_told(client_with, checkout, tmp_path):
    client = client_with(store_folder=tmp_path)
    made = client.post("/v1/datasets", content=b"a,b\n1,2\n", headers=CSV).json()
    read = json.loads((checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_bytes())
    read["demand"] |= {"path": made["path"], "item_table": None}
    (tmp_path / "blobs" / made["sha256"][:2] / made["sha256"]).unlink()
    for answered in (
        client.post("/v1/solve", json=read),
        client.post("/v1/runs", json={"scenario": read, "kind": "profile"}),
        client.put("/v1/scenarios/x", json=read, headers={"If-None-Match": "*"}),
    ):
        told = problem(answered, 422, "scenario.rejected")
        assert [one["rule"] for one in told["errors"]] == ["demand.no_dataset"]
    again = client.post("/v1/datasets", content=b"a,b\n1,2\n", headers=CSV).json()
    assert again["sha256"] == made["sha256"]
    assert (tmp_path / "blobs" / made["sha256"][:2] / made["sha256"]).is_file()
