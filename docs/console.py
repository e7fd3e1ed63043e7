"""Run the commands of a page and compare what they print with what the page says they print.

A block that begins with ```console holds commands (`$ servicepolicy ...`) and below each what it prints, on
both streams. All blocks of a page run in one folder, one after the other. `...` on a line of its own stands
for any number of lines.

    python docs/console.py docs/tutorial.md           run the page in a folder of its own and say what differs
    python docs/console.py --write docs/tutorial.md   also write down what was printed instead
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", flags=re.MULTILINE | re.DOTALL)
PROMPT = "$ "
ANYTHING = "..."
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
LARGEST_DIFFERENCE = 0.005
"""Relative: another processor may round a sum of millions of terms differently, and a figure with it. Of two
policies that cost the same but for that it finds the other, whose parts differ more than their sum.
"""


@dataclass(frozen=True)
class Step:
    """One command and the lines that it prints."""

    command: str
    printed: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Run a page; the exit code is returned: 1 when something differs that was not written down."""
    *options, name = arguments
    page = Path(name)
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        told = steps(text)
        ran = run(told, Path(folder))
    differing = [(one, other) for one, other in zip(told, ran, strict=True) if not agree(one, other)]
    for one, other in differing:
        print(f"{PROMPT}{one.command}\n--- printed\n" + "\n".join(other.printed) + "\n")
    if "--write" in options:
        page.write_text(rewritten(text, ran), encoding="utf-8")
        return 0
    return int(bool(differing))


def steps(text: str) -> list[Step]:
    r"""The commands of a page, in order.

    >>> steps("```console\n$ echo a\na\n$ true\n```\n")
    [Step(command='echo a', printed=('a',)), Step(command='true', printed=())]
    """
    found = []
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *printed = part.rstrip().splitlines()
            found.append(Step(command, tuple(printed)))
    return found


def run(told: Sequence[Step], folder: Path) -> list[Step]:
    """Run the commands in a folder. `echo $?` tells the exit code of the command before it."""
    ran: list[Step] = []
    code = 0
    # The command line that belongs to this Python comes first.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for step in told:
        ended = subprocess.run(
            ["bash", "-c", f"(exit {code}); {step.command}"],
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "120"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        code = ended.returncode
        lines = [line.rstrip() for line in ended.stdout.strip("\n").splitlines()]
        ran.append(Step(step.command, tuple(lines)))
    return ran


def agree(told: Step, ran: Step) -> bool:
    """Whether the lines are those told, word for word, and number for number but for the last digits.

    >>> agree(Step("", ("a 1,000", "...", "z")), Step("", ("a 1,005", "b", "c", "z")))
    True
    >>> agree(Step("", ("a 1,000",)), Step("", ("a 1,006",)))
    False
    """
    told_lines, ran_lines = list(told.printed), list(ran.printed)
    if ANYTHING not in told_lines:
        return len(told_lines) == len(ran_lines) and all(map(_like, told_lines, ran_lines))
    place = told_lines.index(ANYTHING)
    head, tail = told_lines[:place], Step("", tuple(told_lines[place + 1 :]))
    if len(ran_lines) < len(head) or not all(map(_like, head, ran_lines)):
        return False
    rest = ran_lines[len(head) :]
    return any(agree(tail, Step("", tuple(rest[start:]))) for start in range(len(rest) + 1))


def _like(told: str, ran: str) -> bool:
    if " ".join(NUMBER.sub("#", told).split()) != " ".join(NUMBER.sub("#", ran).split()):
        return False
    pairs = zip(_numbers(told), _numbers(ran), strict=True)
    return all(abs(one - other) <= LARGEST_DIFFERENCE * max(abs(one), abs(other)) for one, other in pairs)


def _numbers(line: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(line)]


def rewritten(text: str, ran: Sequence[Step]) -> str:
    """The page with what was printed below each command; where it leaves lines out it is kept as it is."""
    left = iter(ran)

    def block(found: re.Match[str]) -> str:
        parts = []
        for told in steps(f"```console\n{found.group()}```\n"):
            now = next(left)
            printed = told.printed if ANYTHING in told.printed else now.printed
            parts += [f"{PROMPT}{told.command}", *printed]
        return "\n".join(parts) + "\n"

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
