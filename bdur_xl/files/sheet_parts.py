"""The XML of a workbook's sheets as trees, with what belongs to each."""

from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element  # the type only; defusedxml parses

from defusedxml import ElementTree

from bdur_xl.files import package_guard
from bdur_xl.files.package import relations, sheet_parts
from bdur_xl.files.workbook import refusals


class SheetPart(NamedTuple):
    """What the package holds of a sheet: its XML, and what kinds of parts belong to it ("table")."""

    xml: Element
    related: tuple[tuple[str, bytes], ...]
    """Kind and content of each."""


def read_sheet_parts(path: Path) -> dict[str, SheetPart]:
    """Return the parts of each sheet by its name. Raises WorkbookError, PackageError."""
    with refusals(path), package_guard.opened(path) as package:
        return {
            name: SheetPart(
                ElementTree.fromstring(package.whole(part)),
                tuple(
                    (kind, package.read(target) if target in package else b"")
                    for _, kind, target, _ in relations(package, part)
                ),
            )
            for name, part in sheet_parts(package).items()
        }
