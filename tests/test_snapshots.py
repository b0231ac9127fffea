"""Snapshots on disk: exact, diffable, whole or not at all, and each its own workbook's."""

import datetime as dt
import difflib
import errno
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import as_text, put, raw, small
from test_restore import NOON, tables

from bdur_xl.book import BookError
from bdur_xl.files import snapshots as snapshots_file
from bdur_xl.files.shelf import snapshot_files
from bdur_xl.files.snapshots import pieces, read_snapshot, snapshots, write_snapshot
from bdur_xl.parse import parse_inputs
from bdur_xl.restore import Snapshot
from bdur_xl.tables import INPUT_TABLES

SMALL = Snapshot(NOON, raw(small()))
LATER = NOON + dt.timedelta(minutes=1)


def kept_in(folder: Path, stem: str) -> list[Snapshot]:
    return [read_snapshot(path) for path in snapshot_files(folder, stem)]


def moments(folder: Path, stem: str = "plan") -> list[dt.datetime]:
    return [one.moment for one in kept_in(folder, stem)]


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy computer
@given(st.dictionaries(st.sampled_from(list(INPUT_TABLES)), tables), st.datetimes(dt.datetime(2000, 1, 1)))
def test_what_is_written_reads_back_to_the_last_digit_and_kind(
    tmp_path_factory: pytest.TempPathFactory, book: dict[str, list[list[object]]], moment: dt.datetime
) -> None:
    kept = Snapshot(moment.replace(fold=0), raw(book), places={}, results={})
    folder = tmp_path_factory.mktemp("kept")
    found = read_snapshot(write_snapshot(folder, "plan", kept))
    assert found == kept
    assert repr(found) == repr(kept), "1 is not 1.0 and not True"
    assert kept_in(folder, "plan") == [kept]


def test_half_an_emoji_and_line_ends_survive(tmp_path: Path) -> None:
    book = small()
    put(book["plan"], "D2", "regel\r\n\ud83d \u2028 😀 é")
    kept = Snapshot(NOON, raw(book))
    assert read_snapshot(write_snapshot(tmp_path, "plan", kept)) == kept


def test_it_says_what_the_workbook_says() -> None:
    assert parse_inputs(SMALL.tables)[1] == []


def test_the_text_of_a_state() -> None:
    kept = Snapshot(
        NOON,
        raw({"plan": [["regel", "2031"], ["L1", 0.5], ["é", None]], "goals": [["doel"]]}),
        places={"a": "Plan!B2", "b": "Doelen!A1"},
        results={"a": Fraction(50), "b": Fraction(1, 3)},
    )
    assert as_text(kept) == (
        '{"momentopname": 2, "moment": "2031-03-12T14:05:09", "formules zoals getypt": true, "tabellen": {\n'
        '"plan": {"blad": "Plan", "koprij": 1, "eerste kolom": 1, "rijen": [\n'
        '["regel", "2031"],\n["L1", 0.5],\n["é", null]\n]},\n'
        '"goals": {"blad": "Doelen", "koprij": 1, "eerste kolom": 1, "rijen": [\n["doel"]\n]}\n'
        '}, "uitkomsten": {\n"a": 50,\n"b": "1/3"\n}, '
        '"plaatsen": {\n"a": "Plan!B2",\n"b": "Doelen!A1"\n}}\n'
    )


@pytest.mark.parametrize("at_a_time", [1, 7, 10_000])
def test_however_much_is_written_at_a_time_the_file_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_a_time: int
) -> None:
    count, real = len(list(pieces(SMALL))), os.write
    written: list[bytes] = []

    def write(handle: int, part: bytes) -> int:
        written.append(part)
        return real(handle, part)

    monkeypatch.setattr(snapshots_file, "_MOST_AT_A_TIME", at_a_time)
    monkeypatch.setattr(os, "write", write)
    assert write_snapshot(tmp_path, "plan", SMALL).read_text("utf-8") == as_text(SMALL)
    assert len(written) == 1 + -(-count // at_a_time), "the lock, and each part"


def test_one_changed_cell_is_one_changed_line() -> None:
    book = small()
    put(book["plan"], "F2", 5)
    one, other = as_text(SMALL), as_text(Snapshot(NOON, raw(book)))
    changed = [line for line in difflib.ndiff(one.splitlines(), other.splitlines()) if line[0] in "+-"]
    assert changed == [
        '- ["L1", "Water", "fte", "dijkwacht", "Oost", null, 120000, 180000],',
        '+ ["L1", "Water", "fte", "dijkwacht", "Oost", 5, 120000, 180000],',
    ]


def test_its_text_is_that_of_the_inputs_and_the_moment_only(tmp_path: Path) -> None:
    texts = {write_snapshot(tmp_path / name, name, SMALL).read_bytes() for name in ("een", "twee")}
    assert len(texts) == 1
    assert json.loads(texts.pop())["moment"] == "2031-03-12T14:05:09"


def test_its_name_is_the_workbooks_and_the_moment(tmp_path: Path) -> None:
    path = write_snapshot(tmp_path / "momentopnamen", "BDuR_plan v3 [a]", SMALL)
    assert path.name == "BDuR_plan v3 [a] 2031-03-12 14.05.09.json"


def test_no_cell_reaches_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "momentopnamen"
    book = {key: [["../../weg", *row[1:]] for row in rows] for key, rows in small().items()}
    write_snapshot(folder, "plan", Snapshot(NOON, raw(book)))
    assert [path.name for path in tmp_path.rglob("*")] == ["momentopnamen", "plan 2031-03-12 14.05.09.json"]


def test_the_newest_comes_first_also_within_a_second(tmp_path: Path) -> None:
    for moment in (LATER, NOON, *[NOON] * 10):
        write_snapshot(tmp_path, "plan", Snapshot(moment, {}))
    write_snapshot(tmp_path, "plan", SMALL)
    found = kept_in(tmp_path, "plan")
    assert [one.moment for one in found] == [LATER, *[NOON] * 12]
    assert [bool(one.tables) for one in found] == [False, True, *[False] * 11], "(12) comes after (2)"


def test_another_workbooks_snapshots_are_not_mine(tmp_path: Path) -> None:
    for stem in ("plan 2031-03-12 14.05.09", "plan v3", "het plan", "plan.json", "pla."):
        write_snapshot(tmp_path, stem, SMALL)
    (tmp_path / "plan 2031-03-12 14.05.09 kopie.json").write_text("{}")
    (tmp_path / ".bdur-0123456789abcdef.json").write_text("{")
    assert moments(tmp_path) == []
    assert moments(tmp_path, "PLAN V3") == [NOON], "Windows opens it by any case"


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert moments(tmp_path / "nergens") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        as_text(SMALL)[:-20],
        "[]",
        "{}",
        as_text(SMALL).replace('"momentopname": 2', '"momentopname": 3'),
        as_text(SMALL).replace('"plan":', '"plannen":'),
        as_text(SMALL).replace("2031-03-12T14", "gisteren"),
        as_text(SMALL).replace('["L1",', '["L1", "te veel",'),
        as_text(SMALL).replace('["L1",', '[["L1"],'),
        as_text(SMALL).replace('["L1",', '[{"datum": "30 februari"},'),
        as_text(SMALL).replace('["L1",', '[{"foto": "x"},'),
        as_text(SMALL).replace('["L1",', "[{},"),
        as_text(SMALL).replace('["L1",', '[{"getal": "een"},'),
        "[" * 100_000,
    ],
)
def test_a_damaged_one_is_named_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan 2031-03-12 14.05.09.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BookError) as refused:
        kept_in(tmp_path, "plan")
    assert refused.value.message == f"{path} is geen leesbare momentopname"
    assert refused.value.remedy == "Zet dat bestand in een andere map en probeer het opnieuw."


def test_an_unreadable_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "plan 2031-03-12 14.05.09.json").mkdir()
    with pytest.raises(BookError, match="mag niet worden gelezen"):
        kept_in(tmp_path, "plan")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_snapshot(tmp_path, "plan", SMALL)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "geen ruimte meer op het apparaat")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BookError) as refused:
        write_snapshot(tmp_path, "plan", Snapshot(LATER, {}))
    assert refused.value.message.endswith("(de schijf is vol); er is niets gewijzigd")
    assert kept_in(tmp_path, "plan") == [SMALL]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "momentopnamen").write_text("een bestand")
    with pytest.raises(BookError, match="kan niet worden bewaard in"):
        write_snapshot(tmp_path / "momentopnamen", "plan", SMALL)


def test_killed_while_writing_leaves_the_older_one(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "plan", SMALL)
    script = (
        "import os, sys, datetime as dt\n"
        "from pathlib import Path\n"
        "from bdur_xl.files.snapshots import write_snapshot\n"
        "from bdur_xl.restore import Snapshot\n"
        "os.fsync = lambda file: os.kill(os.getpid(), 9)\n"
        "write_snapshot(Path(sys.argv[1]), 'plan', Snapshot(dt.datetime(2031, 3, 12, 15), {}))\n"
    )
    root = Path(__file__).parents[1]
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=root, check=False)
    assert ended.returncode == -9
    assert len(list(tmp_path.iterdir())) == 3, "a draft and a lock are left, which nobody reads"
    assert kept_in(tmp_path, "plan") == [SMALL]
    write_snapshot(tmp_path, "plan", Snapshot(LATER, {}))
    assert len(list(tmp_path.iterdir())) == 2, "the next one takes them away"


def test_a_damaged_one_does_not_hide_the_others(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "plan", SMALL)
    (tmp_path / "plan 2099-01-01 00.00.00.json").write_text("stuk")
    damaged: list[str] = []
    assert list(snapshots(tmp_path, "plan", damaged)) == [SMALL]
    (told,) = damaged
    assert "geen leesbare momentopname" in told
