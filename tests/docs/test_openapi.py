"""The OpenAPI file is what the service says, and what it shows runs."""

import json

from docs import openapi


def test_the_committed_file_is_what_the_service_says(capsys):
    assert openapi.main(["--check"]) == 0, capsys.readouterr().out


def test_every_reference_in_it_leads_somewhere():
    text = openapi.FILE.read_text(encoding="utf-8")
    schemas = json.loads(text)["components"]["schemas"]
    referred = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert referred <= set(schemas)


def test_every_operation_says_what_can_go_wrong():
    document = json.loads(openapi.FILE.read_text(encoding="utf-8"))
    silent = [
        f"{method} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/v1/")
        and "requestBody" in operation
        and not {"400", "413", "415"} <= set(operation["responses"])
    ]
    assert silent == []
