import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from bdur_xl.chart import Chart, Series
from bdur_xl.files import pdf as pdf_file
from bdur_xl.files.memo_chart import add_chart
from bdur_xl.files.pdf import BY_HAND, PdfOutcome, environment, libreoffice, make_pdf

ALT = re.compile(rb"/Alt\s*<([0-9A-Fa-f]+)>")
TITLE = "Bestedingsvoorstel: één & ander"
REGION = "Veiligheidsregio Voorbeeld"
OLD = b"%PDF-1.7 an older one"
LINE = Series("Beschikbaar", (2_00,))
CONTROL = (
    f'<w:p {nsdecls("w")}><w:r><w:t xml:space="preserve">Ruimte </w:t></w:r>'
    '<w:sdt><w:sdtPr><w:alias w:val="Ruimte"/><w:tag w:val="ruimte"/></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>€ 145.000</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)
CHARTS = tuple(
    Chart(f"Grafiek {name}", f"Eén kolom: {name} & <meer>.", ("2030",), (Series("Lasten", (1_00,)),), LINE)
    for name in "ab"
)


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    """A Word file with a heading, a table and a figure in a content control, in an awkward place."""
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = TITLE, REGION
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-NL")
    document.add_heading("1 Samenvatting", 1)
    document.add_table(2, 2).cell(0, 0).text = "jaar"
    document.element.body.insert_element_before(parse_xml(CONTROL), "w:sectPr")
    folder = tmp_path / "map é #1 met spatie"
    folder.mkdir()
    path = folder / "mémo #2 %20.docx"
    document.save(str(path))
    return path


@pytest.fixture
def memo_with_charts(memo: Path) -> Path:
    """The same with two charts."""
    document = docx.Document(str(memo))
    for chart in CHARTS:
        paragraph = add_chart(document, chart, Cm(16), Cm(8))
        document.element.body.insert_element_before(paragraph, "w:sectPr")
    document.save(str(memo))
    return memo


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a shell script on PATH as the only soffice."""

    def put(script: str) -> Path:
        path = tmp_path / "bin" / "soffice"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
        return path

    return put


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that serves for temporary files."""
    folder = tmp_path / "tijdelijk"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def told(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def fields(text: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


@pytest.mark.libreoffice
def test_libreoffice_makes_a_tagged_pdf_for_the_archive(memo_with_charts: Path, temporary: Path) -> None:
    memo, pdf = memo_with_charts, memo_with_charts.with_suffix(".pdf")
    assert make_pdf(memo, pdf) == PdfOutcome("LibreOffice")
    assert sorted(pdf.parent.iterdir()) == [memo, pdf]
    assert not list(temporary.glob("bdur*"))
    known = fields(told("pdfinfo", pdf))
    assert (known["Tagged"], known["Form"], known["Title"], known["Author"]) == ("yes", "none", TITLE, REGION)
    described = told("pdfinfo", "-meta", pdf)
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert re.search(rb"/Lang\s*\(nl-NL\)", pdf.read_bytes())
    assert {"H1", "Table", "Figure"} <= set(re.findall(r"\w+", told("pdfinfo", "-struct", pdf)))
    assert "Ruimte € 145.000" in told("pdftotext", pdf, "-")
    alt = [bytes.fromhex(text.decode()).decode("utf-16") for text in ALT.findall(pdf.read_bytes())]
    assert len(alt) == 2
    assert all(chart.alt_text in text for chart, text in zip(CHARTS, alt, strict=True))


@pytest.mark.libreoffice
def test_libreoffice_takes_a_word_file_without_charts(memo: Path) -> None:
    assert make_pdf(memo, memo.with_suffix(".pdf")) == PdfOutcome("LibreOffice")
    assert fields(told("pdfinfo", memo.with_suffix(".pdf")))["Tagged"] == "yes"


def test_an_unreadable_word_file_is_not_taken_for_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make_pdf(tmp_path / "is er niet.docx", tmp_path / "a.pdf")


WRITES = (
    'while [ $# -gt 0 ]; do [ "$1" = --outdir ] && out="$2"; shift; done; printf "%s" "{}" > "$out/memo.pdf"'
)


def test_the_pdf_of_the_program_is_the_pdf(memo: Path, program: Callable[[str], Path]) -> None:
    program(WRITES.format("%PDF-1.6 made"))
    pdf = memo.with_suffix(".pdf")
    pdf.write_bytes(OLD)
    assert make_pdf(memo, pdf).made
    assert pdf.read_bytes() == b"%PDF-1.6 made"


def test_libreoffice_is_asked_for_an_archive_without_fields(
    memo: Path, program: Callable[[str], Path], tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    program(f"printf '%s\\n' \"$@\" > '{asked}'")
    make_pdf(memo, memo.with_suffix(".pdf"))
    arguments = asked.read_text().splitlines()
    form, _, options = arguments[arguments.index("--convert-to") + 1].partition("Export:")
    assert form == "pdf:writer_pdf_"
    assert {name: (one["type"], one["value"]) for name, one in json.loads(options).items()} == {
        "SelectPdfVersion": ("long", "2"),
        "UseTaggedPDF": ("boolean", "true"),
        "PDFUACompliance": ("boolean", "true"),
        "ExportBookmarks": ("boolean", "true"),
        "ExportFormFields": ("boolean", "false"),
    }
    assert arguments[0].startswith("-env:UserInstallation=file:///")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 1", "LibreOffice: stopte met fout 1."),
        ("exit 0", "LibreOffice: het programma gaf geen PDF."),
        (WRITES.format("not a PDF"), "LibreOffice: het programma gaf geen PDF."),
        ("sleep 60 & sleep 60", "LibreOffice: duurde te lang en is gestopt."),
    ],
)
def test_a_program_that_fails_leaves_the_older_pdf_and_a_reason(
    memo: Path, program: Callable[[str], Path], temporary: Path, script: str, reason: str
) -> None:
    program(script)
    pdf = memo.with_suffix(".pdf")
    pdf.write_bytes(OLD)
    started = time.monotonic()
    outcome = make_pdf(memo, pdf, patience=1)
    assert time.monotonic() - started < 10
    assert outcome == PdfOutcome(None, (reason, "Word: is vanuit dit programma niet te bedienen."))
    assert outcome.message.startswith(f"Er is geen PDF gemaakt. {reason} Word: ")
    assert outcome.message.endswith(BY_HAND)
    assert pdf.read_bytes() == OLD
    assert sorted(pdf.parent.iterdir()) == [memo, pdf]
    assert list(temporary.iterdir()) == []


def test_a_chart_that_got_lost_is_a_reason(
    memo_with_charts: Path, program: Callable[[str], Path], tmp_path: Path
) -> None:
    own = tmp_path / "own.odt"
    with zipfile.ZipFile(own, "w") as package:
        package.writestr("content.xml", "<content/>")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    program(WRITES.replace("printf", f"cp '{own}' \"$out/memo.odt\"; printf").format("%PDF-1.6 made"))
    outcome = make_pdf(memo_with_charts, memo_with_charts.with_suffix(".pdf"))
    assert outcome.reasons[0] == "LibreOffice: las 0 van de 2 grafieken."


def test_a_program_that_writes_nothing_for_a_memo_with_charts(
    memo_with_charts: Path, program: Callable[[str], Path]
) -> None:
    program("exit 0")
    outcome = make_pdf(memo_with_charts, memo_with_charts.with_suffix(".pdf"))
    assert outcome.reasons[0] == "LibreOffice: het programma gaf geen PDF."


def test_what_hangs_is_ended_with_its_children(
    memo: Path, program: Callable[[str], Path], tmp_path: Path
) -> None:
    noted = tmp_path / "kind"
    program(f"sleep 60 & echo $! > '{noted}'; wait")
    make_pdf(memo, memo.with_suffix(".pdf"), patience=1)
    child = Path("/proc") / noted.read_text().strip() / "stat"
    deadline = time.monotonic() + 5
    while child.exists() and child.read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "the child still runs"
        time.sleep(0.05)


def test_a_program_that_cannot_start_is_a_reason(memo: Path, program: Callable[[str], Path]) -> None:
    program("").write_bytes(b"\x7fELF this is no program")
    outcome = make_pdf(memo, memo.with_suffix(".pdf"))
    assert outcome.reasons[0].startswith("LibreOffice: start niet (")


def test_a_folder_that_cannot_be_written_is_an_error(memo: Path, program: Callable[[str], Path]) -> None:
    program(WRITES.format("%PDF-1.6 made"))
    with pytest.raises(FileNotFoundError):
        make_pdf(memo, memo.parent / "geen map" / "memo.pdf")


def test_without_any_program_staff_hear_how_to_get_it(memo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "libreoffice", lambda: None)
    outcome = make_pdf(memo, memo.with_suffix(".pdf"))
    assert not outcome.made
    assert outcome.message == (
        "Er is geen PDF gemaakt. LibreOffice: niet gevonden op deze computer. "
        f"Word: is vanuit dit programma niet te bedienen. {BY_HAND}"
    )


def test_a_made_pdf_needs_no_message() -> None:
    assert PdfOutcome("Word", ("LibreOffice: niet gevonden op deze computer.",)).message == ""


# Where LibreOffice is, and what it is given


def test_path_goes_before_the_usual_places(
    program: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    monkeypatch.setattr(pdf_file, "_PLACES", (str(tmp_path / "not there"), str(usual)))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert libreoffice() == usual
    assert libreoffice() != program("")  # PATH is set from here on
    assert libreoffice() == tmp_path / "bin" / "soffice"


def test_windows_keeps_it_among_the_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = tmp_path / "LibreOffice" / "program" / "soffice.com"
    waiting.parent.mkdir(parents=True)
    waiting.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert libreoffice() == waiting


def test_our_python_stays_out_of_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, other = tmp_path / "venv" / "bin", tmp_path / "other"
    ours.mkdir(parents=True)
    (ours.parent / "pyvenv.cfg").touch()
    monkeypatch.setenv("PATH", os.pathsep.join((str(ours), str(other))))
    monkeypatch.setenv("PYTHONPATH", "x")
    monkeypatch.setenv("PYTHONHOME", "x")
    monkeypatch.setenv("VIRTUAL_ENV", str(ours.parent))
    monkeypatch.setenv("KEPT", "yes")
    given = environment()
    assert given["PATH"] == str(other)
    assert given["KEPT"] == "yes"
    assert not [name for name in given if name.startswith("PYTHON") or name == "VIRTUAL_ENV"]


# Word, of which only the calls can be seen here


class ComError(Exception):
    """Stands for pywintypes.com_error."""


@pytest.fixture
def word(monkeypatch: pytest.MonkeyPatch) -> MagicMock:
    """Stand-ins for pywin32, and no LibreOffice; returns the application object."""
    client, types, application = MagicMock(), ModuleType("pywintypes"), MagicMock()
    types.com_error = ComError  # type: ignore[attr-defined]
    client.DispatchEx.return_value = application
    for name, module in (("win32com", MagicMock()), ("win32com.client", client), ("pywintypes", types)):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(pdf_file, "libreoffice", lambda: None)
    return application


def test_word_exports_tagged_and_for_the_archive(memo: Path, word: MagicMock) -> None:
    opened = word.Documents.Open.return_value
    opened.ExportAsFixedFormat.side_effect = lambda **given: Path(given["OutputFileName"]).write_bytes(
        b"%PDF-1.7 of Word"
    )
    pdf = memo.with_suffix(".pdf")
    outcome = make_pdf(memo, pdf)
    assert outcome == PdfOutcome("Word", ("LibreOffice: niet gevonden op deze computer.",))
    assert pdf.read_bytes() == b"%PDF-1.7 of Word"
    given = opened.ExportAsFixedFormat.call_args.kwargs
    assert (given["ExportFormat"], given["DocStructureTags"], given["UseISO19005_1"]) == (17, True, True)
    assert word.Documents.Open.call_args.kwargs["ReadOnly"] is True
    assert word.AutomationSecurity == 3
    opened.Close.assert_called_once_with(SaveChanges=0)
    word.Quit.assert_called_once_with(SaveChanges=0)


def test_a_word_that_refuses_is_closed_and_a_reason(memo: Path, word: MagicMock) -> None:
    opened = word.Documents.Open.return_value
    opened.ExportAsFixedFormat.side_effect = ComError("geweigerd")
    outcome = make_pdf(memo, memo.with_suffix(".pdf"))
    assert outcome.reasons[1] == "Word: kon het Word-bestand niet exporteren (geweigerd)."
    opened.Close.assert_called_once_with(SaveChanges=0)
    word.Quit.assert_called_once_with(SaveChanges=0)
    assert list(memo.parent.iterdir()) == [memo]


def test_libreoffice_goes_before_word(
    memo: Path, word: MagicMock, program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(WRITES.format("%PDF-1.6 made"))
    monkeypatch.setattr(pdf_file, "libreoffice", lambda: path)
    assert make_pdf(memo, memo.with_suffix(".pdf")).made_by == "LibreOffice"
    word.Documents.Open.assert_not_called()
