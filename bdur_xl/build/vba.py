"""VBA text -> vbaProject.bin: the same text gives the same bytes.

Sources stand in workbook/vba/ as UTF-8 with LF; Excel wants code page 1252
with CRLF, and reads no line that is too long. What it would refuse or garble
is refused here.
"""

import importlib.util
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook

from bdur_xl.files.temporary import temporary_folder

SOURCES = Path(__file__).parents[2] / "workbook" / "vba"
WORKBOOK_CODE_NAME = "ThisWorkbook"

CODE_PAGE = "cp1252"
MOST_BYTES_A_LINE = 1023
MOST_CONTINUATIONS = 24
"""Limits of the VBA editor. Source: its messages "Line too long" and "Too many line continuations"."""

_NAME = re.compile(r"[A-Za-z]\w{0,30}", re.ASCII)
_VB_NAME = re.compile(r'^Attribute VB_Name = "(.*)"', re.MULTILINE)


class VbaError(Exception):
    """VBA text or names that Excel would refuse or garble: where, what, and what to do."""


def code_name(sheet: str) -> str:
    """Return the name VBA has for a sheet: "Tabel 1" -> BladTabel1.

    The prefix keeps it apart from module names and from VBA's own words.
    """
    return "Blad" + re.sub(r"\W", "", sheet, flags=re.ASCII)


def sources(*, addin: bool = False) -> dict[str, str]:
    """Return the written modules by name: those of workbook/vba/ and xlwings' own.

    The generated ones (function wrappers, their help) come on top.
    """
    written = {path.stem: path.read_text("utf-8") for path in sorted(SOURCES.glob("*.[bc][al]s"))}
    return {"xlwings": _xlwings_module(addin=addin), **written}


def _xlwings_module(*, addin: bool) -> str:
    """Return the VBA module of the installed xlwings, unchanged but for the add-in's project name.

    That name tells where settings stand; the add-in shares those of the workbook.
    The package is not imported: it is slow, and only its text is wanted.
    """
    found = importlib.util.find_spec("xlwings")
    if not found or not found.origin:
        raise VbaError("Het pakket xlwings ontbreekt; installeer bdur_xl opnieuw.")
    file = "xlwings_custom_addin.bas" if addin else "xlwings.bas"
    text = Path(found.origin).with_name(file).read_text("utf-8")
    return text.replace('PROJECT_NAME As String = "myaddin"', 'PROJECT_NAME As String = "xlwings"')


def vba_project(modules: Mapping[str, str], sheet_code_names: Sequence[str]) -> bytes:
    """Return the vbaProject.bin of a workbook.

    `modules` maps a module's name to its text; ThisWorkbook and the sheets'
    code names hold text behind the workbook or a sheet. `sheet_code_names`
    follow the order of the sheets, each the one its sheet was given with
    `set_vba_name`. Raises VbaError on anything Excel would refuse.
    """
    documents = [WORKBOOK_CODE_NAME, *sheet_code_names]
    _check_names([*documents, *(name for name in modules if name not in documents)])
    texts = {name: _as_vba(name, text, is_document=name in documents) for name, text in modules.items()}
    return _project(texts, sheet_code_names)


def _project(texts: Mapping[str, str], sheet_code_names: Sequence[str]) -> bytes:
    """Have pyOpenVBA give a project to an empty workbook with these sheets, and take it out."""
    from pyopenvba import ExcelFile

    with temporary_folder("vba") as folder:
        path, buffer = folder / "empty.xlsm", io.BytesIO()
        empty = Workbook(buffer, {"in_memory": True})
        empty.set_vba_name(WORKBOOK_CODE_NAME)
        for name in sheet_code_names:
            empty.add_worksheet().set_vba_name(name)
        empty.close()
        path.write_bytes(buffer.getvalue())
        with ExcelFile(path) as file:
            project = file.add_vba_project()
            documents = project.module_names()
            for name, text in texts.items():
                if name in documents:
                    file.set_module(name, text)
                else:
                    project.add_module(name, text)
            file.save()
        with zipfile.ZipFile(path) as package:
            return package.read("xl/vbaProject.bin")


def _check_names(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not _NAME.fullmatch(name):
            raise VbaError(
                f"{name!r} kan geen VBA-naam zijn; gebruik hooguit 31 letters, cijfers of _, "
                "met een letter vooraan."
            )
        if name.lower() in seen:
            raise VbaError(f"De VBA-naam {name} komt twee keer voor; noem een van beide anders.")
        seen.add(name.lower())


def _as_vba(name: str, text: str, *, is_document: bool) -> str:
    """Return the text as Excel wants it, after checking it against the editor's limits."""
    lines = re.split(r"\r\n|\r|\n", text.rstrip("\r\n"))
    for problem in _problems(lines):
        raise VbaError(f"VBA-module {name}, {problem}")
    declared = _VB_NAME.search(text)
    if is_document and declared:
        raise VbaError(f"VBA-module {name} hoort bij een blad of de werkmap; laat de regels Attribute weg.")
    if not is_document and (not declared or declared[1] != name):
        raise VbaError(f'VBA-module {name} moet beginnen met Attribute VB_Name = "{name}".')
    return "\r\n".join(lines) + "\r\n"


def _problems(lines: Sequence[str]) -> Iterator[str]:
    continuations = 0
    for number, line in enumerate(lines, start=1):
        try:
            length = len(line.encode(CODE_PAGE))
        except UnicodeEncodeError as error:
            character = line[error.start]
            yield f"regel {number}: het teken {character!r} bestaat niet in VBA; schrijf het anders."
            continue
        if length > MOST_BYTES_A_LINE:
            yield f"regel {number}: {length} tekens, er kunnen er {MOST_BYTES_A_LINE}; breek af met _."
        continuations = continuations + 1 if line.endswith(" _") else 0
        if continuations > MOST_CONTINUATIONS:
            yield (
                f"regel {number}: meer dan {MOST_CONTINUATIONS} vervolgregels achter elkaar; "
                "verdeel de opdracht over meer opdrachten."
            )
