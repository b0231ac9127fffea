"""xlwings' configuration: read as Excel reads it, ours in it, and back to what was there."""

import errno
from pathlib import Path, PureWindowsPath

import pytest
import xlwings
from hypothesis import given
from hypothesis import strategies as st
from xlwings.utils import read_user_config

from bdur_xl.files import xlwings_conf
from bdur_xl.files.machine import this_system
from bdur_xl.files.xlwings_conf import BACKUP, ConfError, Place, install, read, remove, trouble, with_ours

WINDOWS = "cp1252"
PYTHON = PureWindowsPath(r"C:\Users\één gebruiker\OneDrive - Regio\BDuR 100%\Scripts\python.exe")
OURS = {
    "INTERPRETER_WIN": str(PYTHON),
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "USE UDF SERVER": "True",
    "UDF MODULES": "udfs.bdur_udfs",
}
THEIRS = b'"LICENSE_KEY","abc"\r\n"UDF MODULES","rooster"\r\n# mijn notitie\r\n"SHOW CONSOLE","\xe9\xe9n"'


@pytest.fixture
def where(tmp_path: Path) -> Place:
    return xlwings_conf.place("windows", tmp_path / "één gebruiker", WINDOWS)


def test_the_file_is_where_xlwings_itself_has_it() -> None:
    assert Path(xlwings.USER_CONFIG_FILE) == this_system().conf.file


def test_a_first_install_can_be_read_and_a_second_changes_nothing(where: Place) -> None:
    told = install(where, PYTHON, {})
    assert read(where.file.read_bytes(), WINDOWS) == OURS
    assert f"    INTERPRETER_WIN = {PYTHON}" in told
    first = where.file.read_bytes()
    assert first.splitlines()[0] == b'"INTERPRETER_WIN","%s"' % str(PYTHON).encode(WINDOWS)
    (again,) = install(where, PYTHON, {})
    assert "stonden al goed" in again
    assert where.file.read_bytes() == first


def test_xlwings_own_reader_agrees(where: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the last of a name, and the locale's encoding."""
    place = Place(where.file, "utf-8")
    place.file.parent.mkdir(parents=True)
    place.file.write_bytes(b'"license_key","x"\n')
    install(place, PYTHON, {})
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(place.file))
    found = read_user_config()  # type: ignore[no-untyped-call]
    assert found == {**{key.lower(): value for key, value in OURS.items()}, "license_key": "x"}


def test_what_the_user_had_stays_and_comes_back_exactly(where: Place) -> None:
    where.file.parent.mkdir(parents=True)
    where.file.write_bytes(THEIRS)
    told = install(where, PYTHON, {})
    now = where.file.read_bytes()
    assert read(now, WINDOWS)["UDF MODULES"] == "rooster;udfs.bdur_udfs"
    assert now.endswith(b'"LICENSE_KEY","abc"\r\n# mijn notitie\r\n"SHOW CONSOLE","\xe9\xe9n"')
    assert where.file.with_name(f"xlwings.conf{BACKUP}").read_bytes() == THEIRS
    assert "Van uzelf gebleven: 3 regels" in told
    assert "    UDF MODULES = rooster;udfs.bdur_udfs (was rooster)" in told
    install(where, PureWindowsPath(r"D:\ander\python.exe"), {})  # an upgrade keeps the first backup
    assert remove(where) == [f"Teruggezet: {where.file}, precies zoals het was"]
    assert where.file.read_bytes() == THEIRS
    assert [path.name for path in where.file.parent.iterdir()] == ["xlwings.conf"]


def test_without_a_file_before_nothing_is_left(where: Place) -> None:
    install(where, PYTHON, {})
    remove(where)
    assert not where.file.parent.exists()
    assert "staat niets van BDuR" in remove(where)[0]


def test_what_was_added_later_survives_the_undoing(where: Place) -> None:
    where.file.parent.mkdir(parents=True)
    where.file.write_bytes(b'"INTERPRETER_WIN","C:\\oud\\python.exe"\r\n')
    install(where, PYTHON, {})
    with where.file.open("ab") as file:
        file.write(b'"SHOW CONSOLE","True"\r\n')
    assert "wat u later toevoegde bleef" in remove(where)[0]
    assert read(where.file.read_bytes(), WINDOWS) == {
        "INTERPRETER_WIN": r"C:\oud\python.exe",
        "SHOW CONSOLE": "True",
    }


def test_a_module_added_later_survives_the_undoing(where: Place) -> None:
    install(where, PYTHON, {})
    changed = where.file.read_bytes().replace(b"udfs.bdur_udfs", b"udfs.bdur_udfs;rooster")
    where.file.write_bytes(changed)
    remove(where)
    assert read(where.file.read_bytes(), WINDOWS) == {"UDF MODULES": "rooster"}


def test_a_stale_backup_is_not_put_back(where: Place) -> None:
    where.file.parent.mkdir(parents=True)
    where.file.write_bytes(THEIRS)
    install(where, PYTHON, {})
    where.file.unlink()
    install(where, PYTHON, {})
    remove(where)
    assert not where.file.exists()


@given(st.binary(max_size=120).filter(lambda raw: b"\0" not in raw and b"udfs" not in raw))
def test_any_file_keeps_its_lines_and_comes_back(raw: bytes) -> None:
    for page in (WINDOWS, "utf-8"):
        new = with_ours(raw, str(PYTHON), page)
        found = read(new, page)
        assert {key: found[key] for key in ("INTERPRETER_WIN", "USE UDF SERVER")}.items() <= OURS.items()
        assert trouble(new, page) == ""
        assert xlwings_conf.without_ours(new, raw, page) == raw
        assert with_ours(new, str(PYTHON), page) == new


@pytest.mark.parametrize(
    ("path", "page", "environment", "words"),
    [
        (r"C:\Users\Łódź\python.exe", WINDOWS, {}, "Ł"),
        (r"C:\%TEMP%\python.exe", WINDOWS, {"Temp": "x"}, "omgevingsvariabele"),
        ('C:\\a"b\\python.exe', WINDOWS, {}, "aanhalingsteken"),
    ],
)
def test_a_path_that_excel_cannot_find_back_is_refused(
    where: Place, path: str, page: str, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfError, match=words) as refused:
        install(where, PureWindowsPath(path), environment)
    assert refused.value.remedy.startswith("Installeer Python in een map")
    assert not where.file.exists()


@pytest.mark.parametrize(
    "path",
    [r"C:\100% zeker\50% af\python.exe", r"C:\Łódź\python.exe", r"C:\d'Ancona & zn\python.exe"],
    ids=["percent", "utf-8 Windows", "quote and ampersand"],
)
def test_a_path_that_excel_can_read_is_taken(where: Place, path: str) -> None:
    page = "utf-8" if "Ł" in path else WINDOWS
    install(Place(where.file, page), PureWindowsPath(path), {"TEMP": "x"})
    assert read(where.file.read_bytes(), page)["INTERPRETER_WIN"] == path


def test_a_home_that_excel_cannot_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfError, match="gebruikersmap heeft tekens"):
        install(xlwings_conf.place("windows", tmp_path / "Łódź", WINDOWS), PYTHON, {})


def test_a_file_where_the_folder_belongs_is_told(where: Place) -> None:
    where.file.parent.parent.mkdir()
    where.file.parent.write_text("in de weg")
    with pytest.raises(ConfError, match="kan niet worden"):
        install(where, PYTHON, {})


def test_without_the_right_to_write_nothing_is_changed(where: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    where.file.parent.mkdir(parents=True)
    where.file.write_bytes(THEIRS)

    def refuse(_: Path, __: bytes) -> None:
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(xlwings_conf, "write_settings", refuse)
    with pytest.raises(ConfError, match="geen schrijfrechten; er is niets gewijzigd") as refused:
        install(where, PYTHON, {})
    assert "beheerder" in refused.value.remedy
    assert where.file.read_bytes() == THEIRS


def test_utf_16_is_left_alone(where: Place) -> None:
    where.file.parent.mkdir(parents=True)
    raw = '"LICENSE_KEY","abc"'.encode("utf-16")
    where.file.write_bytes(raw)
    with pytest.raises(ConfError, match="geen gewone tekst"):
        install(where, PYTHON, {})
    assert where.file.read_bytes() == raw


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'# notitie\n"INTERPRETER_WIN","x"\n', "regel 1 is geen paar"),
        (b'\xef\xbb\xbf"INTERPRETER_WIN","x"\n', "UTF-8-merk"),
        ('"INTERPRETER_WIN","C:\\één"\n'.encode(), "in UTF-8 bewaard"),
        ('"A","b"'.encode("utf-16"), "UTF-16"),
        (b'"INTERPRETER_WIN","x"\n# notitie\n', ""),
        ('"INTERPRETER_WIN","C:\\één"\n'.encode(WINDOWS), ""),
    ],
)
def test_what_excel_would_misread_is_named(raw: bytes, words: str) -> None:
    found = trouble(raw, WINDOWS)
    assert words in found if words else found == ""


def test_excel_reads_two_values_at_a_time_and_takes_the_first() -> None:
    """A line without a comma takes its value from the next one: so ours stand on top."""
    shifted = b'notitie\n"INTERPRETER_WIN","x"\n"SERVER","y"\n'
    assert read(shifted, WINDOWS) == {"NOTITIE": "INTERPRETER_WIN", "X": "SERVER"}
    assert read(b'"a","1"\n"A","2"\n b , c \n', WINDOWS) == {"A": "1", "B": "c"}
