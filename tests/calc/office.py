"""A headless LibreOffice to test with: open a workbook, recalculate, read and write cells.

    with Office(extension=Path("BDuR.oxt")) as office, office.open(path) as book:
        book.write("Plan!G2", 150_000)
        book.recalculate()
        assert book.read("Overzicht!C5") == -335_000

Each office has a profile of its own, set to Dutch, that is thrown away. UNO lives in the
system's Python, so a process of it (driver.py) does the talking, asked over a pipe.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from bdur_xl.cells import Unreadable

Value = float | str | Unreadable | None
"""A cell: a number (dates are one too), text, an error, or None when empty."""

DRIVER = Path(__file__).with_name("driver.py")
UNO_PYTHON = os.environ.get("UNO_PYTHON", "/usr/bin/python3")
"""A Python that can import uno."""

PATIENCE = 120
"""Seconds that one request, or one program, may take."""

ERRORS = {
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
DUTCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Setup/L10N">
  <prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>nl-NL</value></prop>
 </item>
</oor:items>
"""


class OfficeError(Exception):
    """LibreOffice is missing, did not start, or refused what was asked."""


class FormulaCell(NamedTuple):
    """A cell with a formula, as Calc has it: "=A1*2", "{=…}" in an array."""

    sheet: str
    address: str
    formula: str
    value: Value


def missing() -> str | None:
    """Return what this machine lacks to run an office, None when nothing."""
    if shutil.which("soffice") is None:
        return "soffice is not on PATH (Debian: apt-get install libreoffice-calc)"
    try:
        probe = subprocess.run([UNO_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    except OSError:
        return f"{UNO_PYTHON} does not run; set UNO_PYTHON to a Python that can import uno"
    return f"{UNO_PYTHON} cannot import uno (Debian: python3-uno)" if probe.returncode else None


class Office:
    """One headless LibreOffice; use it in a `with`. A driver of one's own extends driver.py."""

    def __init__(self, extension: Path | None = None, driver: Path = DRIVER) -> None:
        self._extension = extension
        self._program = driver

    def __enter__(self) -> Self:
        try:
            self._launch()
        except OfficeError as error:  # once in some hundred starts it dies of itself
            warnings.warn(f"LibreOffice is started anew: {error}", stacklevel=2)
            self._launch()
        return self

    def _launch(self) -> None:
        """Start an office, with a profile of its own that holds the extension."""
        self._folder = tempfile.TemporaryDirectory(prefix="bdur-office-", ignore_cleanup_errors=True)
        self._profile = Path(self._folder.name) / "profile"
        prepare(self._profile)
        self._driver = subprocess.Popen(
            [UNO_PYTHON, self._program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # with the office it starts, so that both can be killed at once
        )
        with self._killed_on_failure():
            if self._extension is not None:
                self._install(self._extension)
            self._start()

    def __exit__(self, *_: object) -> None:
        with self._killed_on_failure():
            self.ask("stop")
        self._driver.communicate()
        self._folder.cleanup()

    @contextmanager
    def _killed_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(self._driver.pid, signal.SIGKILL)
            self._driver.communicate()
            self._folder.cleanup()
            raise

    def _start(self) -> None:
        self.ask("start", profile=str(self._profile), program=shutil.which("soffice"))

    def _install(self, extension: Path) -> None:
        """Add the extension: unopkg refuses to work for root, the office itself does not."""
        if os.geteuid():
            add_extension(self._profile, extension)
        else:
            self._start()
            self.ask("add_extension", path=str(extension))
            self.ask("stop")

    def ask(self, do: str, **arguments: object) -> Any:
        """Have the driver do something and return its answer."""
        assert self._driver.stdin
        assert self._driver.stdout
        print(json.dumps({"do": do, **arguments}), file=self._driver.stdin, flush=True)
        answered, _, _ = select.select([self._driver.stdout], [], [], PATIENCE)
        line = self._driver.stdout.readline() if answered else ""
        if not line:
            raise OfficeError(f"{do}: no answer " + ("but an end" if answered else f"in {PATIENCE} seconds"))
        reply = json.loads(line)
        if "refused" in reply:
            raise OfficeError(f"{do}: {reply['refused']}")
        return reply["answer"]

    def open(self, path: Path, *, visible: bool = False, macros: bool = False) -> "Workbook":
        """Open a workbook; `visible` gives it a window, as far as a headless office has any.

        `macros` lets it run its own, as if the person trusts it.
        """
        return Workbook(self, self.ask("open", path=str(path), visible=visible, macros=macros))

    def new(self) -> "Workbook":
        """Open an empty workbook."""
        return Workbook(self, self.ask("open", path=None, visible=False, macros=False))

    def functions(self) -> dict[str, dict[str, Any]]:
        """Return what the function wizard shows: name, help, category, arguments."""
        return {function["name"]: function for function in self.ask("functions")}

    def menus(self) -> dict[str, list[list[str]]]:
        """Return the menus extensions add: entries as [title, command]."""
        menus: dict[str, list[list[str]]] = self.ask("menus")
        return menus


class Workbook:
    """An open workbook. Places read "Plan!A1:D5", or are a defined name such as "plan"."""

    def __init__(self, office: Office, number: int) -> None:
        self._office, self._number = office, number

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, do: str, **arguments: object) -> Any:
        return self._office.ask(do, document=self._number, **arguments)

    def close(self) -> None:
        """Close without saving: a lock file left behind would stop the next load."""
        self._ask("close")

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets, in order."""
        names: list[str] = self._ask("sheets")
        return names

    def add_sheet(self, name: str) -> None:
        """Add an empty sheet, last."""
        self._ask("add_sheet", name=name)

    @property
    def names(self) -> dict[str, str]:
        """The defined names and what each stands for."""
        names: dict[str, str] = self._ask("names")
        return names

    @property
    def modified(self) -> bool:
        """Whether LibreOffice would ask to save."""
        return bool(self._ask("modified"))

    @property
    def undo(self) -> list[str]:
        """What could be undone, last first."""
        titles: list[str] = self._ask("undo")
        return titles

    def recalculate(self) -> None:
        """Recalculate every formula, dirty or not."""
        self._ask("recalculate")

    def rows(self, where: str) -> list[list[Value]]:
        """Return the values of a range, row by row."""
        return [[_value(cell) for cell in row] for row in self._ask("read", where=where)]

    def read(self, where: str) -> Value:
        """Return the value of one cell."""
        return self.rows(where)[0][0]

    def text(self, where: str) -> str:
        """Return what a person sees in one cell."""
        return self.texts(where)[0][0]

    def texts(self, where: str) -> list[list[str]]:
        """Return what a person sees in a range, row by row."""
        rows: list[list[str]] = self._ask("texts", where=where)
        return rows

    def formula(self, where: str) -> str:
        """Return the formula of one cell as Calc has it, with English names and ";"."""
        return self.formulas(where)[0][0]

    def formulas(self, where: str) -> list[list[str]]:
        """Return the formulas of a range; of a cell without one, its content."""
        rows: list[list[str]] = self._ask("formulas", where=where)
        return rows

    def formula_cells(self, containing: str = "") -> list[FormulaCell]:
        """Return every formula cell whose formula contains the text, whatever its case."""
        cells = [
            FormulaCell(sheet, address, formula, _value(value))
            for sheet, address, formula, value in self._ask("formula_cells")
        ]
        return [cell for cell in cells if containing.casefold() in cell.formula.casefold()]

    def write(self, where: str, value: Value | Sequence[Sequence[Value]]) -> None:
        """Put a value in a cell, or rows of values in a range."""
        rows = [[value]] if value is None or isinstance(value, float | int | str) else value
        self._ask("write", where=where, rows=rows)

    def write_formula(self, where: str, formula: str) -> Value:
        """Put a formula (English names, ";") in a cell and return what it gives."""
        self.fill(where, [[formula]])
        return self.read(where)

    def fill(self, where: str, formulas: Sequence[Sequence[str]]) -> None:
        """Put a formula in each cell of a range."""
        self._ask("fill", where=where, formulas=formulas)

    def write_array(self, where: str, formula: str) -> list[list[Value]]:
        """Put an array formula over a range (Ctrl+Shift+Enter) and return what it gives."""
        self._ask("write_array", where=where, formula=formula)
        return self.rows(where)

    def format(self, where: str, code: str) -> None:
        """Give a range a number format, such as "YYYY-MM-DD"."""
        self._ask("set_format", where=where, code=code)

    def export(self, path: Path) -> Path:
        """Save a copy as .pdf, .ods, .xlsx or .csv (its first sheet) and return its path.

        An .xlsx from 7.4 names our functions in a way no other program knows: never ship one.
        """
        self._ask("export", path=str(path))
        return path

    def dispatch(self, command: str) -> bool:
        """Run a menu command in this workbook's window and tell whether it worked."""
        return bool(self._ask("dispatch", command=command))


def prepare(profile: Path) -> None:
    """Make a profile of which the locale is Dutch."""
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(DUTCH, encoding="utf-8")


def add_extension(profile: Path, extension: Path, **run_as: Any) -> None:
    """Install an extension the way staff and IT do, with unopkg; not as root."""
    run("unopkg", "add", "-f", str(extension), profile=profile, **run_as)


def run(program: str, *arguments: str, profile: Path, **run_as: Any) -> str:
    """Run soffice or unopkg on a profile no office is using; return what it printed."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [program, f"-env:UserInstallation={profile.as_uri()}", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
        **run_as,
    )
    if done.returncode:
        raise OfficeError(f"{program} {' '.join(arguments)}:\n{done.stdout}")
    return done.stdout


def _value(cell: float | str | dict[str, int] | None) -> Value:
    if isinstance(cell, dict):
        code = cell["error"]
        return Unreadable(ERRORS.get(code, f"Err:{code}"))
    return cell
