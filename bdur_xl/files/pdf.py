"""A PDF beside the Word file, tagged and for the archive, by a program that is already there.

LibreOffice goes first: it makes PDF/A-2 and PDF/UA, and can be stopped. Then Word, on Windows.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from bdur_xl.files.atomic import write_over
from bdur_xl.files.temporary import temporary_folder

PATIENCE = 120.0
"""Seconds that LibreOffice may take; a first start on a slow machine takes half a minute."""

BY_HAND = (
    "Zo maakt u de PDF zelf: open het Word-bestand in Word, kies Bestand > Exporteren > "
    "PDF/XPS-document maken > Opties, vink 'Labels van documentstructuur voor toegankelijkheid' "
    "en 'Compatibel met PDF/A' (of 'ISO 19005-1-compatibel') aan en kies Publiceren."
)
"""How staff get the PDF where no program makes it for them."""

_OPTIONS = {
    "SelectPdfVersion": 2,  # PDF/A-2b
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
    "ExportBookmarks": True,
    "ExportFormFields": False,  # versions after 7.4 make a field to fill in of a content control
}

_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_DRAW, _SVG = f"{{{_ODF}:drawing:1.0}}", f"{{{_ODF}:svg-compatible:1.0}}"
_MANIFEST, _XLINK = f"{{{_ODF}:manifest:1.0}}", "{http://www.w3.org/1999/xlink}"
_CHART = "application/vnd.oasis.opendocument.chart"

_PDF_FORMAT, _HEADINGS, _DO_NOT_SAVE, _MACROS_OFF, _NO_ALERTS = 17, 1, 0, 3, 0
"""Word's wdExportFormatPDF, wdExportCreateHeadingBookmarks, wdDoNotSaveChanges,
msoAutomationSecurityForceDisable and wdAlertsNone."""


class _NotMadeError(Exception):
    """A program gave no PDF; the text says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class PdfOutcome:
    """What came of it: the program that made the PDF, or why none did."""

    made_by: str | None
    reasons: tuple[str, ...] = ()
    """Per program that was tried in vain, why, in Dutch."""

    @property
    def made(self) -> bool:
        """Tell whether the PDF is there."""
        return self.made_by is not None

    @property
    def message(self) -> str:
        """What to tell staff: nothing, or why there is no PDF and how to get it."""
        return "" if self.made else " ".join(("Er is geen PDF gemaakt.", *self.reasons, BY_HAND))


def make_pdf(document: Path, pdf: Path, *, patience: float = PATIENCE) -> PdfOutcome:
    """Make a tagged PDF/A of a Word file at `pdf`, whole or not at all.

    When no program can, an older `pdf` is untouched and the outcome tells why.
    Raises OSError when `document` cannot be read or `pdf` cannot be written.
    """
    content = document.read_bytes()
    reasons = []
    for name, convert in _converters(patience).items():
        # A copy under a plain name: no lock file beside the original, no sign a program trips over.
        with temporary_folder("pdf") as folder:
            source, target = folder / "memo.docx", folder / "memo.pdf"
            source.write_bytes(content)
            try:
                convert(source, target)
                made = _read_pdf(target)
            except _NotMadeError as problem:
                reasons.append(f"{name}: {problem}.")
                continue
        write_over(pdf, made)
        return PdfOutcome(name, tuple(reasons))
    return PdfOutcome(None, tuple(reasons))


def _converters(patience: float) -> Mapping[str, Callable[[Path, Path], None]]:
    def by_libreoffice(source: Path, target: Path) -> None:
        _by_libreoffice(source, target, patience)

    return {"LibreOffice": by_libreoffice, "Word": _by_word}


def _read_pdf(path: Path) -> bytes:
    content = path.read_bytes() if path.exists() else b""
    if not content.startswith(b"%PDF-"):
        raise _NotMadeError("het programma gaf geen PDF")
    return content


# LibreOffice


def _by_libreoffice(source: Path, target: Path, patience: float) -> None:
    """Convert a Word file; with charts by way of LibreOffice's own format, to give them their alt text.

    Reading a Word file, LibreOffice 7.4 drops that of charts, and a PDF/UA must have it.
    """
    until = time.monotonic() + patience
    if texts := _chart_texts(source):
        _convert(source, "odt", until)
        source = source.with_suffix(".odt")
        _describe_charts(source, texts)
    _convert(source, f"pdf:writer_pdf_Export:{_filter_options()}", until)


def _filter_options() -> str:
    kinds = {bool: "boolean", int: "long"}
    return json.dumps(
        {name: {"type": kinds[type(value)], "value": str(value).lower()} for name, value in _OPTIONS.items()}
    )


def _convert(source: Path, form: str, until: float) -> None:
    """Write `source` in another form beside it, with an office of our own: one that is open stays alone."""
    program = libreoffice()
    if program is None:
        raise _NotMadeError("niet gevonden op deze computer")
    profile = source.parent / "profiel"
    arguments = (
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        form,
        "--outdir",
        str(source.parent),
    )
    _run([str(program), f"-env:UserInstallation={profile.as_uri()}", *arguments, str(source)], until)


def libreoffice() -> Path | None:
    """Return the LibreOffice of this computer: the one on PATH, else from where it installs itself."""
    on_path = shutil.which("soffice", path=_path()) or shutil.which("libreoffice", path=_path())
    if on_path:
        return Path(on_path)
    return next((place for place in _places() if place.is_file()), None)


def _places() -> Iterator[Path]:
    for variable in _WINDOWS_FOLDERS:
        if folder := os.environ.get(variable):
            yield Path(folder) / "LibreOffice" / "program" / "soffice.com"  # unlike the .exe it waits
    yield from map(Path, _PLACES)
    yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


def _run(command: list[str], until: float) -> None:
    """Run a program to its end; its children go with it when it is not done in time."""
    options: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
        if sys.platform == "win32"
        else {"start_new_session": True}
    )
    try:
        process = subprocess.Popen(  # noqa: S603  # a list of arguments, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            **options,
        )
    except OSError as problem:
        raise _NotMadeError(f"start niet ({problem.strerror})") from problem
    try:
        code = process.wait(max(until - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise _NotMadeError("duurde te lang en is gestopt") from None
    finally:
        _end(process)
    if code:
        raise _NotMadeError(f"stopte met fout {code}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a program that still runs, and whatever it started: soffice is only a starter."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        taskkill = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
        subprocess.run(  # noqa: S603
            [taskkill, "/T", "/F", "/PID", str(process.pid)], check=False, capture_output=True
        )
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def environment() -> dict[str, str]:
    """Return the environment without our Python in it: LibreOffice brings its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("PYTHON") and name.upper() != "VIRTUAL_ENV"
    }
    return {**kept, "PATH": _path()}


def _path() -> str:
    """Return PATH without the folders of a virtual environment."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not _is_virtual(Path(folder)))


def _is_virtual(folder: Path) -> bool:
    return (folder.parent / "pyvenv.cfg").is_file()


# Alt text


def _chart_texts(document: Path) -> list[tuple[str, str]]:
    """Return title and alt text of each chart of a Word file, in order."""
    body = docx.Document(str(document)).element.body
    return [
        (drawing.get("title", ""), drawing.get("descr", ""))
        for drawing in body.iter(qn("wp:docPr"))
        if next(drawing.getparent().iter(qn("c:chart")), None) is not None
    ]


def _describe_charts(document: Path, texts: Sequence[tuple[str, str]]) -> None:
    """Write title and alt text to the charts of an OpenDocument text, in order."""
    if not document.exists():
        raise _NotMadeError("het programma gaf geen PDF")
    with zipfile.ZipFile(document) as package:
        parts = {entry: package.read(entry) for entry in package.infolist()}
    by_name = {entry.filename: part for entry, part in parts.items()}
    content = parse_xml(by_name["content.xml"])
    frames = _chart_frames(content, parse_xml(by_name["META-INF/manifest.xml"]))
    if len(frames) != len(texts):
        raise _NotMadeError(f"las {len(frames)} van de {len(texts)} grafieken")
    for frame, (title, description) in zip(frames, texts, strict=True):
        _describe(frame, f"{_SVG}title", title)
        _describe(frame, f"{_SVG}desc", description)
    with zipfile.ZipFile(document, "w") as package:
        for entry, part in parts.items():
            changed = serialize_part_xml(content) if entry.filename == "content.xml" else part
            package.writestr(entry, changed)


def _chart_frames(content: Any, manifest: Any) -> list[Any]:
    charts = {
        f"./{entry.get(f'{_MANIFEST}full-path').rstrip('/')}"
        for entry in manifest
        if entry.get(f"{_MANIFEST}media-type") == _CHART
    }
    objects = content.iter(f"{_DRAW}object")
    return [one.getparent() for one in objects if one.get(f"{_XLINK}href") in charts]


def _describe(frame: Any, tag: str, text: str) -> None:
    for older in frame.findall(tag):  # a version that does keep it
        frame.remove(older)
    element = frame.makeelement(tag)
    element.text = text
    frame.append(element)


# Word


def _by_word(source: Path, target: Path) -> None:
    """Convert with a Word of our own, unseen; made after its documentation, not seen at work."""
    try:
        client, com_error = importlib.import_module("win32com.client"), _com_error()
    except ImportError:
        raise _NotMadeError("is vanuit dit programma niet te bedienen") from None
    try:
        word = client.DispatchEx("Word.Application")
        try:
            _export(word, source, target)
        finally:
            word.Quit(SaveChanges=_DO_NOT_SAVE)
    except com_error as problem:
        raise _NotMadeError(f"kon het Word-bestand niet exporteren ({problem})") from problem


def _com_error() -> type[Exception]:
    error: type[Exception] = importlib.import_module("pywintypes").com_error
    return error


def _export(word: Any, source: Path, target: Path) -> None:
    word.Visible, word.DisplayAlerts, word.AutomationSecurity = False, _NO_ALERTS, _MACROS_OFF
    document = word.Documents.Open(
        FileName=str(source), ConfirmConversions=False, ReadOnly=True, AddToRecentFiles=False
    )
    try:
        document.ExportAsFixedFormat(
            OutputFileName=str(target),
            ExportFormat=_PDF_FORMAT,
            OpenAfterExport=False,
            IncludeDocProps=True,
            CreateBookmarks=_HEADINGS,
            DocStructureTags=True,
            UseISO19005_1=True,
        )
    finally:
        document.Close(SaveChanges=_DO_NOT_SAVE)
