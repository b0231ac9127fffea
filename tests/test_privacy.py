"""No output names a person: neither who runs the program, nor who made or changed what it read.

The session has a user, a full name, a machine, a home and a LibreOffice profile that are markers, and
the workbook, the template and the export tell of markers wherever such a file can. Every file that is
made is opened to the last part, and searched in every way that text is kept.
"""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import docx
import olefile
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from oletools.olevba import VBA_Parser
from openpyxl.comments import Comment
from sheets import small, write_with_tables

from bdur_xl.files.memo_template import template
from bdur_xl.files.versions import read_state
from bdur_xl.refresh import examine, log_row
from bdur_xl.told import log_text

ROOT = Path(__file__).parents[1]

MARKERS = {
    "user": "qzloginnaam", "name": "Qzvoor Qzachternaam", "mail": "qzpost@qzdomein.example",
    "host": "qzmachine", "home": "qzthuismap",
    "author": "Qzauteur Qzfamilie", "editor": "Qzwijziger Qzfamilie",
    "manager": "Qzmanager Qzfamilie", "company": "Qzbedrijf", "commenter": "Qzcommentaar Qzfamilie",
    "template": "Qzsjabloon Qzfamilie", "exporter": "Qzexporteur Qzfamilie",
}  # fmt: skip
"""Who could be named; none of these stands in any file of the product."""

MARK = re.compile(
    rb"qz(loginnaam|voor|achternaam|post|domein|machine|thuismap|auteur|familie|wijziger|manager|bedrijf"
    rb"|commentaar|sjabloon|exporteur)",
    re.IGNORECASE,
)


def contents(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield a file and everything in it, unpacked to the last: parts, streams, macro texts."""
    yield name, content
    if content.startswith(b"PK"):
        yield from _of_package(content, name)
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(content, name)
    elif olefile.isOleFile(io.BytesIO(content)):
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            for stream in compound.listdir():
                yield f"{name}/{'/'.join(stream)}", compound.openstream(stream).read()
        for _, _, module, text in VBA_Parser(name, data=content).extract_macros():
            yield f"{name}/{module}", text.encode()


def _of_package(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        yield f"{name}: comment", package.comment
        for entry in package.infolist():
            yield f"{name}: name", entry.filename.encode() + entry.extra + entry.comment
            yield from contents(package.read(entry), f"{name}/{entry.filename}")


def _of_pdf(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    for number, stream in enumerate(re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)):
        with suppress(zlib.error):  # one that is not packed was seen already
            yield f"{name}/stream {number}", zlib.decompressobj().decompress(stream)
    yield from ((f"{name}/text", _unhexed(one)) for one in re.findall(rb"<([0-9A-Fa-f\s]{4,})>", content))


def _unhexed(digits: bytes) -> bytes:
    digits = b"".join(digits.split())
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def named(content: bytes, name: str) -> list[str]:
    """Return where a file tells of a marker, as bytes of one or of two to a character."""
    return [
        f"{where}: {found[0].decode()}"
        for where, part in contents(content, name)
        for text in (part, part.replace(b"\0", b""))
        if (found := MARK.search(text))
    ]


# The search itself


def _pdf(text: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n" + zlib.compress(text) + b"\nendstream\nendobj"


@pytest.mark.parametrize("marker", MARKERS.values())
def test_every_marker_is_found_however_it_is_kept(marker: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("docProps/core.xml", f"<x>{marker}</x>")
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/embeddings/a.xlsx", inner.getvalue())
    assert named(outer.getvalue(), "x")
    assert named(_pdf(marker.encode()), "x")
    assert named(f"%PDF-1.7 /Author <FEFF{marker.encode('utf-16-be').hex()}>".encode(), "x")
    assert named(marker.encode("utf-16-le"), "x")
    assert not named(_pdf(b"Veiligheidsregio"), "x")


# The session


class Session(NamedTuple):
    """A folder with what is read, and the environment of the person who works there."""

    home: Path
    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: object, module: str = "bdur_xl.cli") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, check=False
        )


PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.UserProfile/Data">{}</item></oor:items>"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Someone's computer, where every trace of a person is a marker."""
    home = tmp_path_factory.mktemp("x") / MARKERS["home"] / MARKERS["user"]
    folder = home / "Documenten"
    folder.mkdir(parents=True)
    for program in ("libreoffice", "LibreOffice"):
        profile = home / ".config" / program / "4" / "user"
        profile.mkdir(parents=True)
        data = {
            "givenname": MARKERS["name"].split()[0],
            "sn": MARKERS["name"].split()[1],
            "mail": MARKERS["mail"],
        }
        items = "".join(f'<prop oor:name="{key}"><value>{text}</value></prop>' for key, text in data.items())
        (profile / "registrymodifications.xcu").write_text(PROFILE.format(items), "utf-8")
    (home / ".gitconfig").write_text(f"[user]\nname={MARKERS['name']}\nemail={MARKERS['mail']}\n")
    scratch = home / "tmp"
    scratch.mkdir()
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "USERPROFILE": str(home),
        "TMPDIR": str(scratch),
        **dict.fromkeys(("USER", "LOGNAME", "USERNAME", "LNAME"), MARKERS["user"]),
        **dict.fromkeys(("NAME", "FULLNAME", "GECOS", "GIT_AUTHOR_NAME"), MARKERS["name"]),
        **dict.fromkeys(("EMAIL", "MAIL", "GIT_AUTHOR_EMAIL"), MARKERS["mail"]),
        **dict.fromkeys(("HOSTNAME", "HOST", "COMPUTERNAME", "USERDOMAIN"), MARKERS["host"]),
    }  # fmt: skip
    _workbook(folder / "plan.xlsx")
    _template(folder / "sjabloon.docx")
    _export(folder / "export.xlsx")
    return Session(home, folder, environment)


def _workbook(path: Path) -> None:
    """A plan of which everything around the cells tells who made it."""
    write_with_tables(path, small())
    book = openpyxl.load_workbook(path)
    book.properties.creator, book.properties.lastModifiedBy = MARKERS["author"], MARKERS["editor"]
    book.properties.keywords = book.properties.category = book.properties.description = MARKERS["author"]
    book["Plan"]["D2"].comment = Comment(f"{MARKERS['commenter']}: klopt dit?", MARKERS["commenter"])
    footer = book["Plan"].oddFooter
    assert footer
    assert footer.left
    footer.left.text = MARKERS["editor"]
    book.save(path)
    person = f'<personList xmlns="x"><person displayName="{MARKERS["commenter"]}"/></personList>'
    _with_parts(path, {
        "xl/persons/person.xml": person,
        "xl/threadedComments/threadedComment1.xml": f"<t>{MARKERS['commenter']}</t>",
        "docProps/app.xml": _APP.format(**MARKERS),
        "docProps/custom.xml": f"<Properties><property>{MARKERS['author']}</property></Properties>",
    })  # fmt: skip


_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Excel</Application><Manager>{manager}</Manager><Company>{company}</Company>"
    "<Template>C:\\Users\\qzloginnaam\\x.dotx</Template></Properties>"
)


def _with_parts(path: Path, added: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**parts, **{name: text.encode() for name, text in added.items()}}.items():
            package.writestr(name, content)


def _template(path: Path) -> None:
    """Our template as someone saved it in Word, with all that Word then keeps of a person."""
    document = docx.Document(io.BytesIO(template()))
    properties, who = document.core_properties, MARKERS["template"]
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = who
    properties.category = properties.identifier = properties.version = who
    package = document.part.package
    for name, kind, content in (
        ("/docProps/app.xml", "extended-properties", _APP.format(**MARKERS)),
        ("/docProps/custom.xml", "custom-properties", f"<Properties><a>{who}</a></Properties>"),
        (
            "/customXml/item1.xml",
            "customXml",
            f"<CoverPageProperties><Author>{who}</Author></CoverPageProperties>",
        ),
    ):
        part = Part(PackURI(name), "application/xml", content.encode(), package)
        owner = document.part if kind == "customXml" else package
        base = RELATIONSHIP_TYPE.CUSTOM_XML.rpartition("/")[0]
        owner.relate_to(part, f"{base}/{kind}")
    settings = document.settings.element
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    settings.append(parse_xml(f'<w:docVars {space}><w:docVar w:name="wie" w:val="{who}"/></w:docVars>'))
    document.save(str(path))


def _export(path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = MARKERS["exporter"]
    sheet = book.active
    assert sheet is not None
    sheet.append(["Rekening", "Kostenplaats", "Boekdatum", "Bedrag", "Omschrijving"])
    sheet.append(["4100", "910", "5-3-2031", 100, f"factuur {MARKERS['exporter']}"])
    sheet.append(["4999", "", "5-3-2031", 7, f"reis {MARKERS['exporter']}"])
    sheet.append(["4999", "", "31-6-2031", 7, f"reis {MARKERS['exporter']}"])
    book.save(path)


def made(session: Session, before: set[Path]) -> dict[str, bytes]:
    """Return what was made since."""
    return {
        path.relative_to(session.folder).as_posix(): path.read_bytes()
        for path in session.folder.rglob("*")
        if path.is_file() and path not in before
    }


def present(session: Session) -> set[Path]:
    return set(session.folder.rglob("*"))


# The outputs


def test_the_session_is_full_of_markers(session: Session) -> None:
    for name in ("plan.xlsx", "sjabloon.docx", "export.xlsx"):
        assert named((session.folder / name).read_bytes(), name)


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("bouw", "--bron", ROOT / "workbook" / "plan", "-o", "nieuw.xlsm"), 1),
        (("memo", "plan.xlsx", "-o", "memo"), 1),
        (("memo", "plan.xlsx", "-o", "eigen", "--sjabloon", "sjabloon.docx"), 1),
        (("ververs", "plan.xlsx", "-o", "uit", "--zonder-pdf"), 2),
        (("sjabloon", "sjablonen"), 1),
        (("importeer", "export.xlsx", "plan.xlsx", "--peildatum", "30-6-2031", "-o", "import"), 1),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_no_file_that_a_command_makes_names_a_person(
    session: Session, arguments: tuple[object, ...], count: int
) -> None:
    before = present(session)
    run = session.run(*arguments)
    assert run.returncode in (0, 1), run.stderr.decode()
    files = made(session, before)
    assert len(files) == count
    assert [where for name, content in files.items() for where in named(content, name)] == []


@pytest.mark.parametrize(
    ("module", "name"),
    [("bdur_xl.build.addin", "BDuR.xlam"), ("bdur_xl.build.calc_addin", "BDuR.oxt")],
)
def test_no_add_in_names_a_person(session: Session, module: str, name: str) -> None:
    run = session.run("-o", name, module=module)
    assert run.returncode == 0, run.stderr.decode()
    content = (session.folder / name).read_bytes()
    assert named(content, name) == []
    assert str(ROOT).encode() not in content  # nor where it was built
    assert b"/home/" not in content


@pytest.mark.skipif(
    not shutil.which("soffice") and "CI" not in os.environ, reason="LibreOffice is not installed"
)
@pytest.mark.libreoffice
def test_no_pdf_names_a_person(session: Session) -> None:
    """LibreOffice has the person's own profile at hand, and is not to look at it."""
    before = present(session)
    run = session.run("ververs", "plan.xlsx", "-o", "pdf")
    assert run.returncode == 0, run.stderr.decode()
    files = made(session, before)
    assert [Path(name).suffix for name in sorted(files)] == [".docx", ".pdf", ".json"]
    assert [where for name, content in files.items() for where in named(content, name)] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("overzicht",),
        ("overzicht", "--json"),
        ("controleer",),
        ("controleer", "--json"),
        ("realisatie", "--json"),
    ],
    ids=" ".join,
)
def test_what_a_command_tells_names_no_person(session: Session, arguments: tuple[str, ...]) -> None:
    run = session.run(*arguments, "plan.xlsx")
    assert run.returncode in (0, 1), run.stderr.decode()
    assert len(run.stdout) > 100
    assert named(run.stdout + run.stderr, arguments[0]) == []


def test_the_checks_find_the_persons_and_do_not_repeat_them(session: Session) -> None:
    """C34: properties of the file, and what staff typed; the finding says where, not who."""
    path = session.folder / "getypt.xlsx"
    book = small()
    book["plan"][1][3] = "dijkwacht (mevr. Qzachternaam)"
    book["goals"][1][3] = f"vraag {MARKERS['mail'].replace('qzpost', 'qz.post')}"
    write_with_tables(path, book)
    opened = openpyxl.load_workbook(path)
    opened.properties.creator, opened.properties.lastModifiedBy = MARKERS["author"], MARKERS["editor"]
    opened.save(path)
    run = session.run("controleer", path, "--json")
    found = next(one for one in json.loads(run.stdout)["controles"] if one["code"] == "C34")["bevindingen"]
    assert [one["waar"] for one in found] == [
        "Plan!D2", "Doelen!D2", "Eigenschappen van het bestand, auteur",
        "Eigenschappen van het bestand, laatst gewijzigd door",
    ]  # fmt: skip
    assert named(json.dumps(found).encode(), "C34") == []
    assert b"Qzfamilie" not in run.stdout  # of the properties not a word


def test_the_log_of_a_refresh_names_no_person_and_no_folder(session: Session) -> None:
    examined = examine(read_state(session.folder / "plan.xlsx"))
    row = log_row(dt.datetime(2031, 7, 1), "12-345", log_text(examined.outcomes, "Bestuursmemo BDuR.docx"))
    assert named(repr(row).encode(), "log") == []
    assert not re.search(r"[/\\]", str(row[-1]))


# What is committed

_HOME = re.compile(rb"(/home/|/Users/|C:\\\\?Users\\\\?|/root/)[A-Za-z][\w.-]+")
_MAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}")
_NOT_OURS = {".git", "__pycache__", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv",
             "build", "dist", "node_modules"}  # fmt: skip
_EXAMPLES = re.compile(rb"@(qzdomein|voorbeeld|example|x|vr[a-z-]*)\.[a-z]+|qz[a-z]+@|/Users/Jansen")
"""Addresses of nobody, in the tests of what finds an address."""


def committed() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and _NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)
        and not any(part.endswith(".egg-info") for part in path.parts)
    )


def test_no_file_of_the_project_holds_an_address_or_a_home() -> None:
    files = committed()
    assert {"README.md", "BDuR_plan.xlsm", "Bestuursmemo sjabloon.docx", "BDuR.bas"} <= {
        path.name for path in files
    }
    found = []
    for path in files:
        for where, part in contents(path.read_bytes(), path.relative_to(ROOT).as_posix()):
            text = part.replace(b"\0", b"") if where.endswith(".bin") else part
            hits = (*_HOME.finditer(text), *_MAIL.finditer(text))
            found += [f"{where}: {one[0].decode()}" for one in hits if not _EXAMPLES.search(one[0])]
    assert [one for one in found if not one.startswith("tests/test_privacy.py")] == []
