"""The text: Jane Austen's six novels (public domain), as Debian's package r-cran-janeaustenr carries them.

The package is unpacked, never installed, and no R runs: a novel is one compressed R vector of texts, a line each.
"""

import re
import struct
import sys
import zlib
from pathlib import Path

# Characters of a text that other models are measured on, at the least.
MEASURED = 24_000
# R's numbers for the two things a vector of texts is made of.
TEXT, TEXTS = 9, 16
# Of an R object that is written down: `X`, a line feed, three version numbers; since version 3 the name of an encoding.
HEADER = struct.Struct(">2siii")


def read_texts(data: bytes) -> list[str] | None:
    """The texts of a written-down vector of texts; None for anything else."""
    _, version, _, _ = HEADER.unpack_from(data)
    at = HEADER.size
    if version >= 3:
        at += 4 + struct.unpack_from(">i", data, at)[0]
    flags, count = struct.unpack_from(">Ii", data, at)
    at += 8
    if flags & 255 != TEXTS:
        return None
    texts = []
    for _ in range(count):
        flags, length = struct.unpack_from(">Ii", data, at)
        if flags & 255 != TEXT:
            return None
        at += 8
        texts.append(data[at : at + max(length, 0)].decode())
        at += max(length, 0)
    return texts


def novels(folder: Path) -> list[str]:
    """The novels below the unpacked package, longest first, paragraphs on one line each."""
    files = sorted(folder.glob("**/janeaustenr/data/Rdata.rdb"))
    if not files:
        raise SystemExit(f"{folder}: no Rdata.rdb of janeaustenr; unpack Debian's r-cran-janeaustenr there")
    data, found = files[0].read_bytes(), []
    at = 0
    while at < len(data):
        # Length before it was compressed, then the compressed object.
        unpacker = zlib.decompressobj()
        texts = read_texts(unpacker.decompress(data[at + 4 :]))
        at = len(data) - len(unpacker.unused_data)
        if texts:
            found.append(paragraphs("\n".join(texts)))
    return sorted(found, key=len, reverse=True)


def paragraphs(text: str) -> str:
    """The text with lines of one paragraph joined."""
    parts = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(" ".join(part.split()) for part in parts)


def split(folder: Path) -> tuple[str, str]:
    """Text to learn from, and text to judge by: the last twentieth of every novel."""
    learn, judge = [], []
    for novel in novels(folder):
        cut = novel.find("\n\n", len(novel) * 19 // 20)
        learn.append(novel[:cut])
        judge.append(novel[cut:].strip())
    return "\n\n".join(learn), "\n\n".join(judge)


def excerpt(text: str, length: int) -> str:
    """The first paragraphs of a text, `length` characters or a little more."""
    return text[: text.index("\n\n", length)]


if __name__ == "__main__":
    # For measuring other models: a text to calibrate on, and one to judge by.
    package, out = map(Path, sys.argv[1:])
    for name, part in zip(("calibrate.txt", "judge.txt"), split(package)):
        (out / name).write_text(excerpt(part, MEASURED))
