"""Texts in memory and in a file, read as often as it takes."""

import duckdb
import pyarrow as pa

from servicepolicy_optimizer.many_lines import stored_texts
from servicepolicy_optimizer.many_lines.stored_texts import StoredTexts


def test_texts_are_the_same_in_memory_and_in_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(stored_texts, "TEXTS_AT_ONCE", 3)
    words = ["ordér 7", "", "a", "aa", "b" * 40, "c", "7"]
    texts = StoredTexts(pa.array(words, pa.large_string()))
    with duckdb.connect() as connection:
        connection.register("texts", texts)
        read = "SELECT number, text FROM texts ORDER BY number"
        in_memory = [connection.sql(read).fetchall() for _ in range(2)]
        texts.move(tmp_path / "texts")
        in_a_file = [connection.sql(read).fetchall() for _ in range(2)]
        assert connection.sql("SELECT count(*) FROM texts").fetchall() == [(7,)]
    assert in_memory == in_a_file == [list(enumerate(words))] * 2
