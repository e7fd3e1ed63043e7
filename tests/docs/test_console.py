"""The check of the pages can fail, and writes down what it saw."""

from docs import console

PAGE = """# A page

```console
$ echo one 1,000
one 1,000
$ (exit 3)
$ echo $?
3
```

Words between.

```console
$ seq 5
1
...
5
$ pwd >/dev/null; echo wrong >&2
right
```
"""


def test_commands_run_in_one_folder_and_both_streams_are_seen(tmp_path):
    told = console.steps(PAGE)
    ran = console.run(told, tmp_path)
    assert [console.agree(*pair) for pair in zip(told, ran, strict=True)] == [True, True, True, True, False]
    assert ran[2].printed == ("3",)


def test_what_was_printed_is_written_down_and_all_else_stays(tmp_path):
    ran = console.run(console.steps(PAGE), tmp_path)
    assert console.rewritten(PAGE, ran) == PAGE.replace("right\n", "wrong\n")


def test_words_must_be_the_same_and_numbers_nearly():
    told = console.Step("x", ("held optimal", "cost 220,109 (15.3 %)"))
    assert console.agree(told, console.Step("x", ("held  optimal", "cost 220,110 (15.3 %)")))
    assert not console.agree(told, console.Step("x", ("held feasible", "cost 220,109 (15.3 %)")))
    assert not console.agree(told, console.Step("x", ("held optimal", "cost 221,309 (15.3 %)")))
    assert not console.agree(told, console.Step("x", ("held optimal",)))


def test_lines_left_out_do_not_hide_what_follows():
    told = console.Step("x", ("a", "...", "b"))
    assert console.agree(told, console.Step("x", ("a", "b")))
    assert not console.agree(told, console.Step("x", ("a", "c")))
    assert not console.agree(told, console.Step("x", ("c", "b")))
