"""Broken, old and hostile files: the right figure, or one clear Dutch message; in bounded memory."""

import io
import json
import os
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import bad_files
import pytest
from bad_files import ENTITY_BOMBS, PLAN_SHEET, WORKBOOK_PARTS, Make, Member
from sheets import as_text, small, write_with_tables

from bdur_xl import cli
from bdur_xl.book import BookError, Refused
from bdur_xl.files.memo_docx import memo_bytes
from bdur_xl.files.memo_read import read_memo
from bdur_xl.files.memo_template import template
from bdur_xl.files.snapshots import read_snapshot
from bdur_xl.files.workbook import read_workbook
from bdur_xl.memo import MemoFacts
from bdur_xl.refresh import examine, plan_of
from bdur_xl.restore import Snapshot

MEMORY = 1_500 * 2**20
"""Bytes of address space a command may take, whatever the file."""
SECONDS = 120
TABLE = "xl/tables/table1.xml"
_CONFUSED = re.compile(r"Traceback|panicked|MemoryError")

Ran = tuple[int, str, str]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_with_tables(tmp_path / "plan.xlsx", small())


def run(capsys: pytest.CaptureFixture[str], path: Path) -> Ran:
    """Return code, output and errors of `bdur overzicht` in this process."""
    try:
        code = cli.main(["overzicht", str(path)])
    except SystemExit as stopped:
        code = int(str(stopped.code))
    out, err = capsys.readouterr()
    return code, out, err


def is_clear_refusal(ran: Ran) -> bool:
    code, out, err = ran
    return code == 2 and not out and "→" in err and not _CONFUSED.search(err)


def limited(*arguments: object) -> Ran:
    """Run a command in a process of its own, that dies when it asks for more than `MEMORY`."""
    done = subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


# Damage


def damaged(content: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    yield from bad_files.truncations(content, count, seed=1)
    yield from bad_files.flips(content, count, seed=2)
    yield from bad_files.directory_flips(content, count, seed=3)


def test_no_damaged_byte_gives_another_figure(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, refusals = run(capsys, plan), 0
    for what, content in damaged(plan.read_bytes(), 100):
        plan.write_bytes(content)
        ran = run(capsys, plan)
        assert ran == right or is_clear_refusal(ran), what
        refusals += ran != right
    assert refusals > 200  # most damage is seen


@pytest.fixture(scope="module")
def state(real_inputs: object) -> Snapshot:
    import datetime as dt

    from conftest import PLAN

    from bdur_xl.files.plan_csv import read_folder

    return Snapshot(dt.datetime(2023, 2, 23), read_folder(PLAN)[0], False, {})


@pytest.fixture(scope="module")
def facts(state: Snapshot) -> MemoFacts:
    return examine(state).facts


def test_no_damaged_byte_of_a_template_or_memo_is_read_otherwise(facts: MemoFacts, tmp_path: Path) -> None:
    path, source = tmp_path / "memo.docx", template()
    path.write_bytes(source)
    right, seen = (memo_bytes(facts, source), read_memo(path)), 0
    for what, content in damaged(source, 25):
        path.write_bytes(content)
        reads: tuple[Callable[[], object], ...] = (
            partial(memo_bytes, facts, content),
            partial(read_memo, path),
        )
        for read, good in zip(reads, right, strict=True):
            try:
                assert read() == good, what
            except BookError:
                seen += 1
    assert seen > 100


def test_a_damaged_snapshot_is_refused_or_read(state: Snapshot, tmp_path: Path) -> None:
    path, content, chance, refused = tmp_path / "w.json", as_text(state).encode(), random.Random(4), 0
    for number in range(200):
        wrong = bytearray(content[: chance.randrange(len(content))] if number % 4 == 0 else content)
        for _ in range(3 if wrong else 0):
            wrong[chance.randrange(len(wrong))] = chance.choice(b'"{}[],:0129-eE\\\x00\xff')
        path.write_bytes(wrong)
        try:
            plan_of(read_snapshot(path))
        except (BookError, Refused):
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("moment", "2023-02-23T00:00:00+02:00"),
        ("uitkomsten", {"x": "1e999999999"}),
        ("uitkomsten", {"x": 1.5}),
        ("tabellen", {"plan": {"blad": "Plan", "koprij": 1, "eerste kolom": "A", "rijen": [["regel"]]}}),
    ],
)
def test_a_snapshot_that_is_not_ours(state: Snapshot, tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps({**json.loads(as_text(state)), key: value}))
    with pytest.raises(BookError, match="geen leesbare momentopname"):
        read_snapshot(path)


# Packages


def shadowed(path: Path) -> None:
    """Put a second sheet of the same name behind the first: one program reads this one, another that."""
    other = bad_files.parts(path)[PLAN_SHEET].replace(b"120000", b"999999")
    bad_files.with_members(Member(PLAN_SHEET.encode(), other))(path)


def two_tables_in_one_place(path: Path) -> None:
    members = bad_files.parts(path)
    for name in ("xl/tables/table4.xml", "xl/tables/table5.xml"):
        members[name] = re.sub(rb'ref="[^"]*"', b'ref="A1:D9"', members[name])
    bad_files.pack(path, members)


def renamed_and_reordered(path: Path) -> None:
    """Turn the order of the sheets round, and give each another name, as staff may."""
    members = bad_files.parts(path)
    text = members["xl/workbook.xml"].decode()
    sheets = re.findall("<sheet [^>]*/>", text)
    turned = [re.sub('name="[^"]*"', f'name="Blad {at}"', one) for at, one in enumerate(reversed(sheets))]
    members["xl/workbook.xml"] = text.replace("".join(sheets), "".join(turned)).encode()
    bad_files.pack(path, members)


def another_workbook(path: Path) -> None:
    """Let the package name another workbook than the one in the usual place."""
    members = bad_files.parts(path)
    members["xl/other.xml"] = members["xl/workbook.xml"]
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"xl/workbook.xml", b"xl/other.xml")
    bad_files.pack(path, members)


def another_folder(path: Path) -> None:
    """Name a sheet "xl/x.xml" from within xl: calamine drops one of the two, other programs do not."""
    members = bad_files.parts(path)
    members[f"xl/{PLAN_SHEET}"] = members[PLAN_SHEET].replace(b"120000", b"999999")
    rels = "xl/_rels/workbook.xml.rels"
    members[rels] = members[rels].replace(b'"worksheets/sheet1.xml"', b'"xl/worksheets/sheet1.xml"')
    assert b'"xl/worksheets/sheet1.xml"' in members[rels]
    bad_files.pack(path, members)


REFUSED: dict[str, Make] = {
    "another workbook": another_workbook,
    "another folder": another_folder,
    "a date for an amount": bad_files.cell("H2", '<c r="{}" t="d"><v>2031-05-01</v></c>'),
    "HTML under another name": lambda path: path.write_text("<html><table><tr><td>1</table></html>"),
    "XML under another name": lambda path: path.write_text('<?xml version="1.0"?><Workbook/>'),
    "two sheets of one name": bad_files.edit("xl/workbook.xml", ('name="Doelen"', 'name="Plan"')),
    "a sheet twice": shadowed,
    "overlapping members": bad_files.overlapping(PLAN_SHEET),
    "a size too small": bad_files.lying(PLAN_SHEET, size=100),
    "a size too large": bad_files.lying(PLAN_SHEET, size=0xF0000000),
    "a wrong checksum": bad_files.lying(PLAN_SHEET, crc=1),
    "an encrypted member": bad_files.lying(PLAN_SHEET, flags=1),
    "bzip2": bad_files.lying(PLAN_SHEET, method=12),
    "a backslash": bad_files.with_members(Member(b"xl\\worksheets\\sheet1.xml", b"<x/>")),
    "a parent folder": bad_files.with_members(Member(b"../../x", b"<x/>")),
    "another case": bad_files.with_members(Member(b"xl/worksheets/SHEET1.xml", b"<x/>")),
    "a comment": bad_files.with_members(comment=b"PK\x05\x06"),
    "something before": lambda path: path.write_bytes(b"MZ" * 50 + path.read_bytes()),
    "something behind": lambda path: path.write_bytes(path.read_bytes() + bytes(50)),
    "utf-16": bad_files.recoded(PLAN_SHEET, "utf-16"),
    "latin-1": bad_files.recoded(PLAN_SHEET, "iso-8859-1"),
    "no relations of the workbook": bad_files.with_parts(**{"xl/_rels/workbook.xml.rels": None}),
    "no relations of a sheet": bad_files.with_parts(**{"xl/worksheets/_rels/sheet1.xml.rels": None}),
    "no shared texts": bad_files.with_parts(**{"xl/sharedStrings.xml": None}),
    "a shared text too far": bad_files.edit(re.escape(PLAN_SHEET), (r't="s"><v>\d+', 't="s"><v>999999')),
    "a shared text that is no number": bad_files.cell("H2", '<c r="{}" t="s"><v>-1</v></c>'),
    "a cell twice": bad_files.cell("H2", '<c r="{}"><v>1</v></c><c r="{}"><v>180000</v></c>'),
    "a cell of another row": bad_files.cell("H2", '<c r="H3"><v>1</v></c>'),
    "a column too far": bad_files.cell("H2", '<c r="XFE2"><v>1</v></c>'),
    "a row twice": bad_files.edit(re.escape(PLAN_SHEET), ('<row r="3"', '<row r="2"')),
    "a million columns": bad_files.swollen(PLAN_SHEET, "<c><v>1</v></c>", 1_000_000, "</row></sheetData>"),
    "a table upside down": bad_files.edit(TABLE, ('ref="A1:H5"', 'ref="H5:A1"')),
    "heading rows below zero": bad_files.edit(TABLE, ("<table ", '<table headerRowCount="-1" ')),
    "two tables of one name": bad_files.edit(
        "xl/tables/table3.xml", ('displayName="[^"]*"', 'displayName="TBLPLAN"')
    ),
    "two tables in one place": two_tables_in_one_place,
    "text in a field for numbers": bad_files.cell("H2", '<c r="{}" t="inlineStr"><v>120000</v></c>'),
    "not a number": bad_files.number("H2", "NaN"),
    "infinite": bad_files.number("H2", "1e400"),
    "2 to the 53rd and one": bad_files.number("H2", "9007199254740993"),
    "number stored as text": bad_files.text("H2", "120\u00a0000"),
    "a formula never computed": bad_files.cell("H2", '<c r="{}" t="str"><f>A1</f></c>'),
    **{f"{kind} in {part}": of(part) for kind, of in ENTITY_BOMBS.items() for part in WORKBOOK_PARTS[4:8]},
}  # fmt: skip

SAME: dict[str, Make] = {
    "a table of whole columns": bad_files.edit(TABLE, ('ref="A1:H5"', 'ref="A1:H1048576"')),
    "a dimension that lies": bad_files.edit(
        re.escape(PLAN_SHEET), ('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')
    ),
    "an external link": bad_files.cell("H2", '<c r="{}"><f>[1]Blad1!A1</f><v>180000</v></c>'),
    "an unknown style": bad_files.cell("H2", '<c r="{}" s="999999"><v>180000</v></c>'),
    "a name with unseen characters": bad_files.text("A2", "\u202eL\u00ad1\u200b\u2066"),
    "sheets renamed and reordered": renamed_and_reordered,
    "40.000 characters": bad_files.text("D5", "lang " * 8_000),
    "emoji, and a script from right to left": bad_files.text(
        "D5", "\U0001f692\U0001f468\u200d\U0001f692 \u05de\u05d9\u05dd \u0645\u0627\u0621"
    ),
    "a name of 300 characters": bad_files.text("D5", "n" * 300),
    "a damaged part that nobody reads": bad_files.with_members(Member(b"xl/media/a.png", b"x", crc=1)),
    "an archive inside": bad_files.with_members(Member(b"xl/media/a.zip", b"PK\x05\x06" + bytes(18))),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_a_bad_file_is_refused_in_one_message(
    plan: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    make(plan)
    assert is_clear_refusal(run(capsys, plan))


@pytest.mark.parametrize("make", SAME.values(), ids=SAME)
def test_what_is_odd_but_sound_gives_the_same(
    plan: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    right = run(capsys, plan)
    make(plan)
    assert run(capsys, plan) == right
    assert right[0] == 0


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("content", [None, b"", b"<a/>"])
def test_a_template_without_a_sound_part(
    facts: MemoFacts, tmp_path: Path, part: str, content: bytes | None
) -> None:
    path = tmp_path / "s.docx"
    path.write_bytes(template())
    bad_files.with_parts(**{part: content})(path)
    with suppress(BookError) if part != "word/document.xml" else pytest.raises(BookError, match="sjabloon"):
        memo_bytes(facts, path.read_bytes())


# Bombs, with the memory of the whole process limited

BOMBS: dict[str, Make] = {
    "a member of 700 MB": bad_files.with_members(Member(b"xl/media/a.png", bytes(700_000_000))),
    "many members": bad_files.many_members(60_000),
    "rows": bad_files.swollen(PLAN_SHEET, "<row/>", 5_000_000, "</sheetData>"),
    "one row": bad_files.swollen(PLAN_SHEET, "<c/>", 3_000_000, "</row></sheetData>"),
    "shared texts": bad_files.swollen("xl/sharedStrings.xml", "<si><t/></si>", 12_000_000, "</sst>"),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_bounded_memory(plan: Path, make: Make) -> None:
    make(plan)
    assert is_clear_refusal(limited("overzicht", plan))


def test_a_million_styles_are_read_in_bounded_memory(plan: Path) -> None:
    right = limited("overzicht", plan)
    bad_files.swollen("xl/styles.xml", '<xf numFmtId="0"/>', 1_000_000, "</cellXfs>")(plan)
    assert limited("overzicht", plan) == right
    assert right[0] == 0


@pytest.mark.parametrize("command", ["controleer", "ververs", "memo", "importeer", "toets"])
def test_every_command_refuses_a_bomb(plan: Path, tmp_path: Path, command: str) -> None:
    bad_files.swollen("xl/workbook.xml", "<a/>", 6_000_000, "</workbook>")(plan)
    memo = tmp_path / "memo.docx"
    memo.write_bytes(template())
    more: dict[str, list[object]] = {
        "importeer": [plan, plan, "--peildatum", "30-6-2031"], "toets": [memo, plan],
        "memo": [plan, "-o", tmp_path],
    }  # fmt: skip
    assert is_clear_refusal(limited(command, *more.get(command, [plan])))


def test_an_encrypted_workbook(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]  # comes with oletools

    locked = io.BytesIO()
    with plan.open("rb") as file:
        OOXMLFile(file).encrypt("geheim", locked)
    plan.write_bytes(locked.getvalue())
    code, _, err = run(capsys, plan)
    assert code == 2
    assert "met een wachtwoord beveiligd" in err


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/workbook.bin", "een binaire Excel-werkmap (.xlsb)"),
        ("content.xml", "een OpenDocument-bestand (.ods of .odt)"),
    ],
)
def test_another_kind_of_workbook_is_named(
    plan: Path, part: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad_files.pack(plan, {"[Content_Types].xml": b"<Types/>", part: b"<a/>"})
    ran = run(capsys, plan)
    assert is_clear_refusal(ran)
    assert f"is {kind}, geen Excel-werkmap" in ran[2]


def test_a_workbook_of_an_older_make_is_read(tmp_path: Path) -> None:
    """Without the tables and the sheets that came later: those are absent, not empty."""
    few = {key: sheet for key, sheet in small().items() if key in ("plan", "budget")}
    assert read_workbook(write_with_tables(tmp_path / "oud.xlsx", few)).keys() == few.keys()


def test_a_circular_reference_is_read_as_what_is_stored(plan: Path) -> None:
    """Excel stores 0 for it, and nothing that tells it from a computed 0.

    `calcPr iterate` says that someone allows circles, not that there is one; Excel itself warns when
    the workbook is opened. So the 0 counts as any other.
    """
    bad_files.cell("H2", '<c r="{}"><f>H2+1</f><v>0</v></c>')(plan)
    assert read_workbook(plan)["plan"].rows[0][1][7] == 0


@pytest.mark.parametrize("name", ["x.xlsx", "x.docx"])
def test_the_wrong_kind_is_named(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    if name == "x.xlsx":
        path.write_bytes(template())
        assert "is een Word-document, geen Excel-werkmap" in run(capsys, path)[2]
    else:
        write_with_tables(tmp_path / "x.xlsx", small()).rename(path)
        with pytest.raises(BookError, match="is een Excel-werkmap, geen Word-document"):
            read_memo(path)
