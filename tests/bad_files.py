"""Makers of bad files: what a shared drive, a broken copy or ill will can put before the readers.

Each maker takes a good file and leaves a bad one in its place; all are made here, none is kept.
"""

import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path], object]

WORKBOOK_PARTS = (
    "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/tables/table1.xml",
    "xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml", "docProps/app.xml",
)  # fmt: skip
"""Every kind of part of a workbook that some program of ours reads."""

MEMO_PARTS = (
    "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels",
    "word/styles.xml", "word/settings.xml", "word/numbering.xml", "word/footer1.xml", "docProps/core.xml",
)  # fmt: skip
"""The same of a memo and of its template."""


# Packages


def parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a package."""
    with zipfile.ZipFile(path) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def pack(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a package that holds these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)


def with_parts(**changes: bytes | None) -> Make:
    """Return a maker that sets parts, or takes them away (None)."""
    return lambda path: pack(path, {name: content for name, content in {**parts(path), **changes}.items()
                                    if content is not None})  # fmt: skip


def edit(part: str, *changes: tuple[str, str]) -> Make:
    """Return a maker that replaces the first find of each pattern in the parts of a name."""

    def make(path: Path) -> None:
        members = parts(path)
        names = [name for name in members if re.fullmatch(part, name)]
        assert names, part
        for name in names:
            for pattern, new in changes:
                text = members[name].decode()
                assert re.search(pattern, text), (name, pattern)
                members[name] = re.sub(pattern, lambda _, new=new: new, text, count=1).encode()  # type: ignore[misc]
        pack(path, members)

    return make


@dataclass(frozen=True)
class Member:
    """A member of a zip whose headers may lie; None tells the truth."""

    name: bytes
    content: bytes = b""
    method: int = zipfile.ZIP_DEFLATED
    flags: int = 0
    size: int | None = None
    crc: int | None = None
    at: int | None = None
    """Where the directory says that it starts."""

    @property
    def packed(self) -> bytes:
        if self.method != zipfile.ZIP_DEFLATED:
            return self.content
        squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return squeezer.compress(self.content) + squeezer.flush()


def zipped(members: Iterator[Member] | list[Member], comment: bytes = b"") -> bytes:
    """Return a zip as its members say, true or not."""
    body, directory, count = bytearray(), bytearray(), 0
    for one in members:
        at, packed = len(body), one.packed
        crc = zlib.crc32(one.content) if one.crc is None else one.crc
        size = len(one.content) if one.size is None else one.size
        head = struct.pack("<HHHHHIIIHH", 20, one.flags, one.method, 0, 33, crc, len(packed), size,
                           len(one.name), 0)  # fmt: skip
        body += b"PK\x03\x04" + head + one.name + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + head
        directory += struct.pack("<HHHII", 0, 0, 0, 0, at if one.at is None else one.at) + one.name
        count += 1
    told = min(count, 0xFFFF)
    end = struct.pack("<HHHHIIH", 0, 0, told, told, len(directory), len(body), len(comment))
    return bytes(body + directory + b"PK\x05\x06" + end + comment)


def lying(part: str, **lies: int) -> Make:
    """Return a maker after which the headers of one part lie."""

    def make(path: Path) -> None:
        members = parts(path)
        assert part in members
        path.write_bytes(zipped(
            Member(name.encode(), content, **(lies if name == part else {}))
            for name, content in members.items()
        ))  # fmt: skip

    return make


def with_members(*more: Member, comment: bytes = b"") -> Make:
    """Return a maker that adds members, of names that may be there already."""
    return lambda path: path.write_bytes(
        zipped([*(Member(name.encode(), content) for name, content in parts(path).items()), *more], comment)
    )


def many_members(count: int) -> Make:
    return with_members(*(Member(b"xl/media/%d.png" % number, method=0) for number in range(count)))


def overlapping(part: str) -> Make:
    """Return a maker after which two members of the package are the same bytes."""

    def make(path: Path) -> None:
        members = [Member(name.encode(), content) for name, content in parts(path).items()]
        (whose,) = (number for number, one in enumerate(members) if one.name.decode() == part)
        start = len(zipped(members[:whose])) - 22 - sum(46 + len(one.name) for one in members[:whose])
        path.write_bytes(zipped([*members, Member(part.encode(), members[whose].content, at=start)]))

    return make


# Damage


def truncations(content: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield a file cut off at seeded places, its last bytes too."""
    chance = random.Random(seed)
    cuts = [*range(1, 24), *(chance.randrange(len(content)) for _ in range(count - 23))]
    for cut in cuts:
        kept = len(content) - cut
        yield f"de eerste {kept} bytes", content[:kept]


def flips(content: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield a file with one to three bits turned at seeded places."""
    chance = random.Random(seed)
    for _ in range(count):
        damaged = bytearray(content)
        times = chance.choice((1, 1, 3))
        turned = [(chance.randrange(len(content)), chance.randrange(8)) for _ in range(times)]
        for place, bit in turned:
            damaged[place] ^= 1 << bit
        yield f"bits {turned}", bytes(damaged)


def directory_flips(content: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield a zip with one bit turned in its directory or a member's header: no checksum guards those."""
    start = struct.unpack("<I", content[-6:-2])[0]
    heads = [match.start() + offset for match in re.finditer(rb"PK\x03\x04", content) for offset in range(60)]
    places = [place for place in (*range(start, len(content)), *heads) if place < len(content)]
    chance = random.Random(seed)
    for _ in range(count):
        damaged = bytearray(content)
        place, bit = chance.choice(places), chance.randrange(8)
        damaged[place] ^= 1 << bit
        yield f"bit {place}:{bit}", bytes(damaged)


# XML

_LAUGHS = '<!DOCTYPE x [<!ENTITY a "lollollol">{}]>'.format(
    "".join(
        f'<!ENTITY {name} "{10 * laugh}">'
        for name, laugh in zip("bcdefghij", map("&{};".format, "abcdefghi"), strict=True)
    )
)
_QUADRATIC = '<!DOCTYPE x [<!ENTITY a "{}">]>'.format("x" * 100_000)
_EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
_PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>'
_ROOT = re.compile(r"<(?![?!])[^>]*>")


def _with_doctype(doctype: str, used: str) -> Callable[[str], Make]:
    def of(part: str) -> Make:
        def make(path: Path) -> None:
            members = parts(path)
            text = members[part].decode()
            root = _ROOT.search(text)
            assert root
            body = text[root.start() :]
            last = body.rfind("</")
            members[part] = f"{text[: root.start()]}{doctype}{body[:last]}{used}{body[last:]}".encode()
            pack(path, members)

        return make

    return of


ENTITY_BOMBS: dict[str, Callable[[str], Make]] = {
    "intern": _with_doctype(_LAUGHS, "&j;"),
    "kwadratisch": _with_doctype(_QUADRATIC, "&a;" * 20_000),
    "extern": _with_doctype(_EXTERNAL, "&a;"),
    "parameter": _with_doctype(_PARAMETER, ""),
    "leeg": _with_doctype("<!DOCTYPE x>", ""),
}


def nested_deep(part: str) -> Make:
    """Return a maker that puts a million elements in each other in a part."""

    def make(path: Path) -> None:
        members = parts(path)
        text = members[part].decode()
        last = text.rfind("</")
        members[part] = f"{text[:last]}{'<a>' * 1_000_000}{'</a>' * 1_000_000}{text[last:]}".encode()
        pack(path, members)

    return make


def swollen(part: str, unit: str, times: int, before: str) -> Make:
    """Return a maker that repeats a piece of XML in a part, before the first find of `before`."""

    def make(path: Path) -> None:
        members = parts(path)
        text = members[part].decode()
        at = text.rfind(before)
        assert at >= 0, (part, before)
        members[part] = b"".join((text[:at].encode(), unit.encode() * times, text[at:].encode()))
        pack(path, members)

    return make


def recoded(part: str, encoding: str) -> Make:
    """Return a maker that writes a part in another encoding, and says so."""

    def make(path: Path) -> None:
        members = parts(path)
        text = members[part].decode().replace("UTF-8", encoding)
        members[part] = text.encode(encoding)
        pack(path, members)

    return make


# Cells

PLAN_SHEET = "xl/worksheets/sheet1.xml"


def cell(address: str, xml: str) -> Make:
    """Return a maker that puts other XML in the place of a cell of the plan; {} stands for its address."""
    old = rf'<c r="{address}"([^>]*/>|.*?</c>)'
    return edit(re.escape(PLAN_SHEET), (old, xml.replace("{}", address)))


def number(address: str, value: str) -> Make:
    """Return a maker that stores a number in a cell of the plan."""
    return cell(address, f'<c r="{{}}"><v>{value}</v></c>')


def text(address: str, value: str) -> Make:
    """Return a maker that stores a text in a cell of the plan."""
    return cell(address, f'<c r="{{}}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>')
