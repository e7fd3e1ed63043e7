"""The tutorial prints what it says it prints."""

import pytest

from docs import console

pytestmark = pytest.mark.slow  # solves three times


@pytest.fixture(scope="module")
def told(checkout):
    return console.steps((checkout / "docs" / "tutorial.md").read_text(encoding="utf-8"))


def test_every_command_of_the_tutorial_prints_what_the_page_says(told, tmp_path):
    ran = console.run(told, tmp_path)
    assert len(told) > 5
    differing = [now for told_step, now in zip(told, ran, strict=True) if not console.agree(told_step, now)]
    words = "\n".join(f"$ {one.command}\n" + "\n".join(one.printed) for one in differing)
    assert not differing, f"run `python docs/console.py --write docs/tutorial.md`\n{words}"
