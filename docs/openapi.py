"""Write docs/openapi.json: what the service says of itself, for those who generate a client from it.

`python docs/openapi.py` writes the file, `--check` says whether it is behind.
"""

import json
import sys
from pathlib import Path

from servicepolicy_api.app import create_app
from servicepolicy_api.settings import Settings

FILE = Path(__file__).with_name("openapi.json")


def text() -> str:
    """The document as it is written; it does not depend on the settings of a machine."""
    return json.dumps(create_app(Settings.model_construct()).openapi(), indent=1, ensure_ascii=False) + "\n"


def main(words: list[str]) -> int:
    """Write the file, or say that it is behind."""
    if words == ["--check"]:
        behind = not FILE.exists() or FILE.read_text(encoding="utf-8") != text()
        if behind:
            print(f"{FILE.name} is behind: run `make docs`")
        return int(behind)
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
