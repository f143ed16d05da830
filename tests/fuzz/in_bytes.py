"""What goes wrong below YAML: encodings, invisible characters, line ends, and files cut short."""

from __future__ import annotations

import random
import re

from .mutant import Accepted, Mutant, Refused, Undecided, edited, line_of, mutator
from .pictures import png
from .seeds import Seed

BROKEN = (
    b"\xff",
    b"\xfe",
    b"\xc3\x28",
    b"\xe2\x82",
    b"\xf0\x9f\x92",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x80",
    b"\xe9",
)
CONTROLS = "\x01\x07\x08\x0b\x0c\x0e\x1b\x7f\x80\x85\x9f\ufeff\ufffe\uffff"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WIDE = "\u2028\u2029"


def any_file(seed: Seed, chance: random.Random) -> str:
    return chance.choice(seed.yaml_files)


def any_text_file(seed: Seed, chance: random.Random) -> str:
    names = [name for name in seed.files if name.endswith((".yaml", ".md", ".lock"))]
    return chance.choice(names)


def inserted(seed: Seed, chance: random.Random, what: str) -> Mutant:
    """Put ``what`` somewhere into a file, where it must be refused."""
    file = any_text_file(seed, chance)
    text = seed.text(file)
    at = chance.randrange(1, len(text))
    return edited(seed, file, text[:at] + what + text[at:], Refused(file, line_of(text, at)))


@mutator
def utf_16(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    encoding = chance.choice(["utf-16", "utf-16-le", "utf-16-be"])
    mark = chance.choice(["", "\ufeff"]) if encoding != "utf-16" else ""
    return edited(seed, file, (mark + seed.text(file)).encode(encoding), Refused(file))


@mutator
def broken_utf_8(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    data = seed.files[file]
    ends = [at for at, byte in enumerate(data) if byte < 0x80][1:]
    at = chance.choice(ends)
    line = data.count(b"\n", 0, at) + 1
    return edited(seed, file, data[:at] + chance.choice(BROKEN) + data[at:], Refused(file, line))


@mutator
def another_encoding(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    text = seed.text(file)
    at = chance.randrange(1, len(text))
    whole = (text[:at] + chance.choice("éüß°“") + text[at:]).encode("cp1252", "replace")
    first = next(number for number, byte in enumerate(whole) if byte >= 0x80)
    return edited(seed, file, whole, Refused(file, whole.count(b"\n", 0, first) + 1))


@mutator
def nul(seed: Seed, chance: random.Random) -> Mutant:
    return inserted(seed, chance, "\0")


@mutator
def control_character(seed: Seed, chance: random.Random) -> Mutant:
    return inserted(seed, chance, chance.choice(CONTROLS))


@mutator
def bidi_control(seed: Seed, chance: random.Random) -> Mutant:
    return inserted(seed, chance, chance.choice(BIDI))


@mutator
def line_separator(seed: Seed, chance: random.Random) -> Mutant:
    return inserted(seed, chance, chance.choice(WIDE))


@mutator
def byte_order_mark(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    return edited(seed, file, "\ufeff" + seed.text(file), Accepted(is_same=True))


@mutator
def line_ends(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    end = chance.choice(["\r\n", "\r"])
    return edited(seed, file, seed.text(file).replace("\n", end), Accepted(is_same=True))


@mutator
def mixed_line_ends(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    text = re.sub("\n", lambda _: chance.choice(["\n", "\r\n"]), seed.text(file))
    return edited(seed, file, text, Accepted(is_same=True))


@mutator
def end_of_file(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    end = chance.choice(["", "\n\n\n", "\n# end", "\n...\n", "\n   \n"])
    return edited(seed, file, seed.text(file).rstrip("\n") + end, Accepted(is_same=True))


@mutator
def truncation(seed: Seed, chance: random.Random) -> Mutant:
    file = chance.choice([name for name in seed.files if name != "settings.yaml"])
    data = seed.files[file]
    return edited(seed, file, data[: chance.randrange(len(data))], Undecided())


@mutator
def nothing_in_it(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    text = chance.choice(["", "\n\n", "# nothing\n# here\n", "---\n", "   \n", "...\n", "\ufeff"])
    return edited(seed, file, text, Refused(file, 1, has_followers=True))


@mutator
def another_format(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    other = [
        png(),
        b"%PDF-1.7\n%\xe2\xe3\n",
        b"PK\x03\x04" + bytes(40),
        b"GIF89a\x01\0",
        b"{\\rtf1 a}",
        b"\x1f\x8b\x08\0\0",
        b"MZ\x90\0",
        b"<html><body>a</body></html>",
        b"\0" * 100,
    ]
    return edited(seed, file, chance.choice(other), Refused(file, None, has_followers=True))


@mutator
def random_bytes(seed: Seed, chance: random.Random) -> Mutant:
    file = chance.choice([*seed.files])
    data = bytearray(seed.files[file])
    for _ in range(chance.randrange(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return edited(seed, file, bytes(data), Undecided())


@mutator
def too_large(seed: Seed, chance: random.Random) -> Mutant:
    file = any_text_file(seed, chance)
    return edited(seed, file, seed.text(file) + "# remark\n" * 230_000, Refused(file))
