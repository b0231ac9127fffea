"""Office files as one text, so that a fuzzer changes XML and not the checksums of a zip archive.

    ==== xl/workbook.xml
    <workbook ...

Anything that does not start so is a file as it is, byte for byte.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Parts = dict[str, bytes]
Mutate = Callable[[bytes, int], bytes]

_HEAD = b"==== "
_PART = re.compile(rb"^==== (.*)\n", re.MULTILINE)
_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'(?<==")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
"""What may differ between two right files: an attribute's value, a text."""

VALUES = (
    b"",
    b"0",
    b"1",
    b"-1",
    b"-0",
    b"0.005",
    b"0.1",
    b"1e13",
    b"1E+16",
    b"1e400",
    b"NaN",
    b"inf",
    b" 5 ",
    b"1_000",
    b"9" * 400,
    b"A1",
    b"A0",
    b"a1",
    b"B2:B3",
    b"XFD1048576",
    b"XFE1",
    b"ZZZZZZZ1",
    b"$A$1",
    b"A1:",
    b"1048577",
    b"2147483648",
    b"-2147483649",
    b"18446744073709551616",
    b"s",
    b"str",
    b"inlineStr",
    b"e",
    b"b",
    b"d",
    b"n",
    b"#REF!",
    b"2031",
    b"2031 i",
    b"2031-05-01",
    b"1.400",
    b"true",
    b"preserve",
    b"&#160;",
    b"&#8203;",
    b"&amp;lt;",
    "é\u202e\U0001f600".encode(),
    b"_x000D_",
    b"xl/worksheets/sheet1.xml",
    b"../../x",
    b"/xl/workbook.xml",
    b"rId1",
)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a package with these parts; the same parts give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def joined(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as one text."""
    return b"".join(_HEAD + name.encode() + b"\n" + content + b"\n" for name, content in parts.items())


def divided(data: bytes) -> Parts | None:
    """Return the parts that a text tells, None when it is a file as it is."""
    if not data.startswith(_HEAD):
        return None
    found = [*_PART.finditer(data)]
    ends = [*(one.start() for one in found[1:]), len(data)]
    return {
        one[1].decode("latin-1"): data[one.end() : end].removesuffix(b"\n")
        for one, end in zip(found, ends, strict=True)
        if one[1] and b"\0" not in one[1]
    }


def file_of(data: bytes) -> bytes:
    """Return the file that an input of the fuzzer stands for."""
    parts = divided(data)
    return data if parts is None else packed(parts)


def mutated(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Return an input of the fuzzer with one to four changes that an office file may meet.

    `mutate` changes bytes, as the fuzzer would: it remembers what the program compared.
    """
    rng = random.Random(seed)
    parts = divided(data)
    if not parts:
        return mutate(data, most)
    for _ in range(rng.randint(1, 4)):
        name = rng.choice([*parts])
        parts[name] = rng.choice(_EDITS)(parts[name], rng, mutate)
    if rng.random() < 0.05:
        del parts[rng.choice([*parts])]
    if rng.random() < 0.05:
        return mutate(packed(parts), most)[:most]
    changed = joined(parts)
    return changed if len(changed) <= most else data


def _new_value(content: bytes, rng: random.Random, mutate: Mutate) -> bytes:
    values = [*_VALUE.finditer(content)]
    if not values:
        return content
    old = rng.choice(values)
    kind = rng.random()
    if kind < 0.6:
        new = rng.choice(VALUES)
    elif kind < 0.8:
        new = rng.choice(values)[0]
    else:
        new = mutate(old[0], len(old[0]) + 8) if old[0] else b"x"
    return content[: old.start()] + new + content[old.end() :]


def _tags(content: bytes, rng: random.Random, _: Mutate) -> bytes:
    """Repeat, drop, or move what stands between two tags that are near."""
    tags = [*_TAG.finditer(content)]
    if len(tags) < 2:
        return content
    at = rng.randrange(len(tags))
    start, end = tags[at].start(), tags[min(at + rng.randint(0, 6), len(tags) - 1)].end()
    piece, rest = content[start:end], content[:start] + content[end:]
    match rng.randrange(3):
        case 0:
            return content[:end] + piece + content[end:]
        case 1:
            return rest
        case _:
            to = rng.randrange(len(rest) + 1)
            return rest[:to] + piece + rest[to:]


def _an_attribute_less(content: bytes, rng: random.Random, _: Mutate) -> bytes:
    found = [*re.finditer(rb' [\w:]+="[^"]*"', content)]
    if not found:
        return content
    one = rng.choice(found)
    return content[: one.start()] + content[one.end() :]


def _bytes(content: bytes, _: random.Random, mutate: Mutate) -> bytes:
    return mutate(content, len(content) + 64) if content else b"<a/>"


_EDITS = (_new_value, _new_value, _new_value, _tags, _tags, _an_attribute_less, _bytes)
