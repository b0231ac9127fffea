"""xlwings' configuration of one user: what Excel reads, our settings in it, and the way back.

A line is `"KEY","VALUE"`. Excel's side reads two values at a time, past the end of a line if need
be, and takes the first of a name: so ours stand on top, where no line of others can shift them.
Source: xlwings 0.37.8, xlwings.bas (GetConfigFilePath, GetConfig, GetConfigFromFile).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from bdur_xl.book import BookError
from bdur_xl.files.atomic import reason, write_settings

INTERPRETER, OLD_INTERPRETER = "INTERPRETER_WIN", "INTERPRETER"
WORKBOOK_FOLDER, SERVER, MODULES = "ADD_WORKBOOK_TO_PYTHONPATH", "USE UDF SERVER", "UDF MODULES"
MODULE = "udfs.bdur_udfs"
KEYS = (INTERPRETER, WORKBOOK_FOLDER, SERVER, MODULES)
"""What we set; everything else is the user's."""

BACKUP = ".voor-bdur"
"""Added to the name of the file as it was."""
FILE = "xlwings.conf"

_VALUE = re.compile(r'[ \t]*(?:"([^"]*)"[ \t]*|([^,\r\n]*))(,|\r\n|\r|\n|\Z)')
_LINE = re.compile(rb'[ \t]*"?([^",\r\n]*)')
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a system has the file, and how it is written."""

    file: Path
    code_page: str
    """Of the system, as VBA reads text files: cp1252 on a Dutch Windows."""


class ConfError(BookError):
    """A configuration that cannot be read or written: why, and what to do."""


def place(system: str, home: Path, code_page: str) -> Place:
    """Return where a system ("windows", "mac", other) has the user's file."""
    if system == "mac":
        return Place(home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / FILE, code_page)
    return Place(home / ".xlwings" / FILE, code_page)


def read(raw: bytes, code_page: str) -> dict[str, str]:
    """Return the settings as Excel reads them, names in capitals: two values at a time, the first counts."""
    values = list(_values(raw.decode(code_page, "surrogateescape")))
    found: dict[str, str] = {}
    for name, value in zip(values[::2], values[1::2], strict=False):
        found.setdefault(name.upper(), value)
    return found


def _values(text: str) -> Iterator[str]:
    """Yield the values as VBA's Input # takes them: between commas and line ends, quotes off."""
    at = 0
    while at < len(text):
        token = _VALUE.match(text, at)
        assert token
        yield token[1] if token[1] is not None else token[2].rstrip()
        at = token.end()


def trouble(raw: bytes, code_page: str) -> str:
    """Return what keeps Excel from reading our settings as they are meant, in Dutch; empty when nothing."""
    if b"\0" in raw:
        return "het bestand is geen gewone tekst (UTF-16)"
    if raw.startswith(_BOM):
        return "het bestand begint met een UTF-8-merk, waardoor de eerste instelling niet telt"
    lines = raw.splitlines()
    ours = [number for number, line in enumerate(lines) if _name(line) in KEYS]
    for number, line in enumerate(lines[: max(ours, default=0)], start=1):
        if len(list(_values(line.decode(code_page, "replace")))) != 2:
            return f"regel {number} is geen paar van naam en waarde, waardoor de regels erna verschuiven"
    told = b"".join(lines[number] for number in ours)
    if not told.isascii() and not _fits_utf8(code_page) and _is_utf8(told):
        return f"het bestand is in UTF-8 bewaard, en Excel leest het als {code_page}"
    return ""


def _fits_utf8(code_page: str) -> bool:
    return code_page.lower().replace("-", "") in ("utf8", "cp65001")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def with_ours(raw: bytes, interpreter: str, code_page: str) -> bytes:
    """Return a file with our settings on top; every line that is not ours stays, byte for byte.

    Modules of others stay in the list of modules. Raises ConfError for a path Excel could not find back.
    """
    others = [one for one in read(raw, code_page).get(MODULES, "").split(";") if one not in ("", MODULE)]
    values = {
        INTERPRETER: interpreter,
        WORKBOOK_FOLDER: "False",
        SERVER: "True",
        MODULES: ";".join([*others, MODULE]),
    }
    ending = "\r\n" if b"\r\n" in raw else "\n"
    lines = "".join(f'"{key}","{value}"{ending}' for key, value in values.items())
    return lines.encode(code_page, "surrogateescape") + _without(raw, KEYS)


def refuse_path(interpreter: str, code_page: str, environment: Mapping[str, str]) -> None:
    """Raise ConfError for a path that Excel could not find back."""
    remedy = "Installeer Python in een map waarvan het pad alleen gewone letters, cijfers en spaties heeft."
    if not _fits(interpreter, code_page):
        wrong = "".join(dict.fromkeys(one for one in interpreter if not _fits(one, code_page)))
        raise ConfError(
            f"Het pad {interpreter} heeft tekens die Excel niet kan lezen ({wrong}; tekenset {code_page})",
            remedy,
        )
    if '"' in interpreter or "\n" in interpreter:
        raise ConfError(f"In het pad {interpreter} staat een aanhalingsteken of regeleinde", remedy)
    known = {name.upper() for name in environment}
    for name in re.findall(r"(?<=%)[^%]+(?=%)", interpreter):
        if name.upper() in known:
            raise ConfError(
                f"Excel leest %{name}% in het pad {interpreter} als een omgevingsvariabele", remedy
            )


def _fits(text: str, code_page: str) -> bool:
    try:
        text.encode(code_page)
    except UnicodeEncodeError:
        return False
    return True


def _without(raw: bytes, keys: tuple[str, ...]) -> bytes:
    """Return a file without the lines of some names, and without a mark in front."""
    lines = raw.removeprefix(_BOM).splitlines(keepends=True)
    return b"".join(line for line in lines if _name(line) not in keys)


def _name(line: bytes) -> str:
    found = _LINE.match(line)
    return found[1].decode("ascii", "replace").strip().upper() if found else ""


def without_ours(raw: bytes, before: bytes, code_page: str) -> bytes:
    """Return a file as it was before us; what was added or changed since, stays."""
    now = read(raw, code_page)
    if raw == with_ours(before, now.get(INTERPRETER, ""), code_page):
        return before
    old = b"".join(line for line in before.splitlines(keepends=True) if _name(line) in KEYS)
    if old and not old.endswith((b"\n", b"\r")):
        old += b"\n"
    modules = [one for one in now.get(MODULES, "").split(";") if one not in ("", MODULE)]
    if modules and MODULES not in read(before, code_page):
        old += f'"{MODULES}","{";".join(modules)}"\n'.encode(code_page, "surrogateescape")
    return old + _without(raw, KEYS)


def is_ours(settings: Mapping[str, str]) -> bool:
    """Tell whether settings name our functions."""
    return MODULE in settings.get(MODULES, "").split(";")


def install(where: Place, interpreter: PurePath, environment: Mapping[str, str]) -> list[str]:
    """Write our settings, keep the file as it was beside it, and return in Dutch what was done.

    A second time changes nothing. Raises ConfError.
    """
    path, backup = where.file, _backup(where.file)
    refuse_path(str(interpreter), where.code_page, environment)
    if not _fits(str(path), where.code_page):
        raise ConfError(
            f"Excel kan {path} niet lezen: uw gebruikersmap heeft tekens buiten {where.code_page}",
            "Vraag de beheerder om een gebruikersmap met gewone letters.",
        )
    present = _present(path)
    if present is not None and b"\0" in present:
        raise ConfError(
            f"{path} is geen gewone tekst", "Hernoem dat bestand en voer de opdracht opnieuw uit."
        )
    wanted = with_ours(present or b"", str(interpreter), where.code_page)
    if wanted == present:
        return [f"De instellingen van xlwings stonden al goed: {path}"]
    told = []
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if present is None or not is_ours(read(present, where.code_page)):
            told = [_keep(backup, present)]
        _write(path, wanted)
    kept = len(_without(present or b"", KEYS).splitlines())
    before = read(present or b"", where.code_page)
    told += [
        _set(key, value, before.get(key))
        for key, value in read(wanted, where.code_page).items()
        if key in KEYS
    ]
    rest = [f"Van uzelf gebleven: {kept} {'regel' if kept == 1 else 'regels'}"] if kept else []
    return [f"Geschreven: {path}", *(f"    {line}" for line in told if line), *rest]


def _set(key: str, value: str, before: str | None) -> str:
    return f"{key} = {value}" + (f" (was {before or 'leeg'})" if before not in (None, value) else "")


def _keep(backup: Path, present: bytes | None) -> str:
    """Keep the file as it was; nothing to keep takes away an older backup."""
    if present is None:
        backup.unlink(missing_ok=True)
        return ""
    _write(backup, present)
    return f"bewaard zoals het was: {backup}"


def remove(where: Place) -> list[str]:
    """Put the file back as it was before us and return in Dutch what was done. Raises ConfError."""
    path, backup = where.file, _backup(where.file)
    present = _present(path)
    if present is None or not is_ours(read(present, where.code_page)):
        return [f"In {path} staat niets van BDuR; er is niets gewijzigd"]
    kept = _present(backup)
    restored = without_ours(present, kept or b"", where.code_page)
    with _writing(path):
        if kept is None and not restored.strip():
            path.unlink()
            told = [f"Verwijderd: {path}; dat was er voor BDuR ook niet"]
            if not any(path.parent.iterdir()) and path.parent.name == ".xlwings":
                path.parent.rmdir()
        else:
            _write(path, restored)
            same = "precies zoals het was" if restored == kept else "zonder BDuR; wat u later toevoegde bleef"
            told = [f"Teruggezet: {path}, {same}"]
        backup.unlink(missing_ok=True)
    return told


def _backup(path: Path) -> Path:
    return path.with_name(path.name + BACKUP)


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfError(
            f"{path} kan niet worden gelezen: {reason(error)}",
            "Vraag de beheerder om leesrechten op dat bestand.",
        ) from error


def _write(path: Path, content: bytes) -> None:
    write_settings(path, content)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn a refusal of the system into a ConfError."""
    try:
        yield
    except OSError as error:
        raise ConfError(
            f"{path} kan niet worden geschreven: {reason(error)}; er is niets gewijzigd",
            "Sluit Excel, of vraag de beheerder om schrijfrechten in uw gebruikersmap.",
        ) from error
