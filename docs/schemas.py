"""Write docs/schema/: the JSON Schemas of the question and of every answer.

`python docs/schemas.py` writes the files; a test compares each with what `servicepolicy schema` says.
"""

from pathlib import Path

from servicepolicy_api.json_schema import NOUN_OF, json_schema

FOLDER = Path(__file__).with_name("schema")


def main() -> None:
    """Write a file for every document."""
    for document in NOUN_OF:
        (FOLDER / f"{document}.schema.json").write_text(json_schema(document), encoding="utf-8")


if __name__ == "__main__":
    main()
