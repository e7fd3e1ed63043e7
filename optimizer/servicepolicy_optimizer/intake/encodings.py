"""Text files that are not in UTF-8, rewritten so that they are. DuckDB itself reads nothing else."""

import codecs
import gzip
from pathlib import Path
from typing import IO, cast

CHUNK_CHARACTERS = 1 << 20


def is_utf16(path: Path) -> bool:
    """Whether the file opens with a byte order mark of UTF-16, as Excel's "Unicode text" does."""
    with _opened(path) as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def written_as_utf8(path: Path, copy: Path, encoding: str) -> None:
    """Write the file's text to `copy` in UTF-8; a byte that the encoding does not know becomes U+FFFD."""
    reader = codecs.getreader(encoding)
    with _opened(path) as file, copy.open("w", encoding="utf-8", newline="") as out:
        text = reader(file, "replace")
        while chunk := text.read(CHUNK_CHARACTERS, CHUNK_CHARACTERS):
            out.write(chunk)


def _opened(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked where its name ends in .gz."""
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")
