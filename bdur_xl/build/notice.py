"""NOTICE: whose work travels in the workbook, the template and the zip, and under which licence."""

from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from string import Template
from typing import NamedTuple

from packaging.utils import canonicalize_name

_TEXT = Template("""\
bdur_xl: work of others that travels with it

Nederlands, kort: dit bestand zegt wiens werk meereist in de werkmap, de sjabloon en de zip, en onder
welke licentie. U hoeft er niets voor te doen; geeft u de zip door, laat dit bestand er dan in.

This file is made by `make notice`; do not edit it by hand.


bdur_xl itself

No licence has been chosen yet: that choice is the owner's, and therefore there is no LICENSE file. Until
it is made, nobody else has a right to copy, change or hand on what is not listed below.


In the workbook BDuR_plan.xlsm and the add-in BDuR.xlam

- xlwings $xlwings: its VBA module travels whole; in the workbook unchanged, in the add-in with another
  project name. BSD 3-clause; the licence stands in the module and in full at the end of this file.
- pyOpenVBA $pyopenvba: the macro project grew from the empty one in its templates. MIT License.
- XlsxWriter $xlsxwriter: wrote the parts of the file, among them a theme that is its own text. BSD-2-Clause.

In Bestuursmemo sjabloon.docx, and in every memo made with it

- python-docx $python_docx: the package grew from its empty document; styles, settings and numbering were
  replaced by ours, theme and thumbnail removed. MIT License.

In the extension BDuR.oxt

Only files of bdur_xl.

The zip has the licences of these four, with the names of their holders, in the folder licenties.


In the zip, as wheels to install (folder wielen)

Unchanged, as their makers published them. Each carries its own licence files, and those of what it is
built from; copies stand in the folder licenties. Their makers' names stand there and not here.

$wheels

xlwings' wheel has one part under a licence of its own, xlwings PRO (folder xlwings/pro, LICENSE_PRO.txt).
bdur_xl uses none of it; whoever does needs a key from its maker.


xlwings: the licence in full

$licence""")


class Named(NamedTuple):
    """One package as NOTICE names it."""

    name: str
    version: str
    licence: str
    """As the package states it: an SPDX expression, a classifier, or its first words."""
    home: str


def named(package: Distribution) -> Named:
    """Return how NOTICE names a package."""
    return Named(
        canonicalize_name(package.metadata["Name"]), package.version, licence(package), home(package)
    )


def licence(package: Distribution) -> str:
    """Return the licence that a package states: an SPDX expression, a classifier, or its first words."""
    stated = package.metadata.get_all("License-Expression") or [
        one.rpartition(" :: ")[2]
        for one in package.metadata.get_all("Classifier") or []
        if one.startswith("License ::") and not one.endswith("OSI Approved")
    ]
    said = stated or [one.partition("\n")[0] for one in package.metadata.get_all("License") or []]
    return " / ".join(filter(None, said)) or "niet vermeld"


def home(package: Distribution) -> str:
    """Return the page that a package calls its home, or else its source; "" when it names neither."""
    urls = [one.split(", ", 1) for one in package.metadata.get_all("Project-URL") or []]
    pages = {label.casefold(): url for label, url in urls}
    pages.setdefault("home-page", *package.metadata.get_all("Home-page") or [""])
    found = (pages.get(label) for label in ("homepage", "home", "home-page", "source", "repository"))
    return next(filter(None, found), "")


def notice(packages: Iterable[Named]) -> str:
    """Return the text of NOTICE for these packages. Source of xlwings' licence: the installed xlwings."""
    rows = sorted(set(packages))
    versions = {one.name.replace("-", "_"): one.version for one in rows}
    wheels = "\n".join(f"- {one.name} {one.version}: {one.licence}; {one.home}" for one in rows)
    stated = distribution("xlwings").read_text("licenses/LICENSE.txt")
    assert stated, "xlwings ships its licence"
    return _TEXT.substitute(versions, wheels=wheels, licence=stated.replace("\r\n", "\n"))
