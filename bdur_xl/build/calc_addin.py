"""The add-in for LibreOffice Calc, `BDuR.oxt`: the components of udfs/calc, the core, a type library.

    python -m bdur_xl.build.calc_addin -o BDuR.oxt

The same bytes every time: parts stand uncompressed and in order, without a date.
"""

import argparse
import ast
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

import bdur_xl
from bdur_xl.arguments import Argument
from bdur_xl.build.typelibrary import Method, type_library
from bdur_xl.files.atomic import refusal, told_backup, write_over
from bdur_xl.registry import SHEET_FUNCTIONS
from bdur_xl.sheet_function import SheetFunction

CORE = Path(bdur_xl.__file__).parent
SOURCES = CORE.parent / "udfs" / "calc"

AT_THE_TOP = ("Addons.xcu", "Jobs.xcu", "component.py")
MODULES = ("__init__", "values", "repair", "open_workbook", "menu")
"""What the component imports from udfs.calc."""
LATER = ("compare.py", "compare_sentences.py")
"""What `files.versions` imports when a memo is to tell what changed."""

INTERFACE = "nl.bdur.XSheetFunctions"
CELL_RANGE = "com.sun.star.table.XCellRange"
ANYTHING = "any"
ROWS = "[][]any"
CALLER = ("document", "com.sun.star.beans.XPropertySet")
"""A last parameter that nobody types: Calc hands over the document that calls."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can name."""


def calc_addin() -> bytes:
    """Return the extension as it is installed."""
    parts = {
        "META-INF/manifest.xml": _source("manifest.xml"),
        "description.xml": Template(_source("description.xml").decode())
        .substitute(version=bdur_xl.__version__)
        .encode(),
        "BDuR.rdb": type_library(INTERFACE, [method(function) for function in SHEET_FUNCTIONS]),
        **{name: _source(name) for name in AT_THE_TOP},
        "pythonpath/udfs/__init__.py": _source("../__init__.py"),
        **{f"pythonpath/udfs/calc/{name}.py": _source(f"{name}.py") for name in MODULES},
        **{f"pythonpath/bdur_xl/{path}": (CORE / path).read_bytes() for path in core_modules()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0  # the bytes do not tell which system built it
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


def method(function: SheetFunction) -> Method:
    """Return how the add-in's interface declares a sheet function."""
    ranges = [argument for argument in function.arguments if argument.is_range]
    parameters = [(each.name, _type(each, ranges[:1])) for each in function.arguments]
    return Method(function.name, ROWS if function.is_array else ANYTHING, (*parameters, CALLER))


def _type(argument: Argument, first_range: Sequence[Argument]) -> str:
    """Return the type of a parameter; udfs/calc/values.py tells what each brings.

    Calc lets a person leave out an argument at the end only when it is `any`. A function's first
    range is never at the end of a useful call, so that one is a range even when optional.
    """
    needed = argument.is_range and (not argument.optional or argument in first_range)
    return CELL_RANGE if needed else ANYTHING


def core_modules() -> list[str]:
    """Return the files of bdur_xl that the component needs, its packages included.

    What a function imports only when it is called is not there, but for `LATER`: LibreOffice calls no other.
    """
    todo = [*LATER, *(path for name in MODULES for path in _imports(_source(f"{name}.py")))]
    found = {"__init__.py"}
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imports((CORE / path).read_bytes())
    return sorted(found)


def _imports(source: bytes) -> Iterator[str]:
    """Yield the files of bdur_xl that a module imports at its top."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                package, _, rest = name.partition(".")
                for path in (f"{rest.replace('.', '/')}.py", f"{rest.partition('.')[0]}/__init__.py"):
                    if package == "bdur_xl" and rest and (CORE / path).is_file():
                        yield path


def _source(name: str) -> bytes:
    return (SOURCES / name).read_bytes()


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the extension to a file."""
    parser = argparse.ArgumentParser(prog="python -m bdur_xl.build.calc_addin", description="Bouw BDuR.oxt.")
    parser.add_argument("-o", "--output", type=Path, default=Path("BDuR.oxt"), help="het bestand")
    output: Path = parser.parse_args(arguments).output
    try:
        backup = write_over(output, calc_addin())
    except OSError as error:
        raise SystemExit(refusal(output, error)) from error
    print(f"{output}: {len(SHEET_FUNCTIONS)} functies voor LibreOffice Calc{told_backup(backup)}")


if __name__ == "__main__":
    main()
