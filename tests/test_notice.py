"""NOTICE names what is locked, as the packages say it, and has the licence of what is in the workbook."""

import re
from importlib.metadata import distribution

from bdur_xl.build import vba
from bdur_xl.build.dist import PYTHONS, windows
from bdur_xl.build.locks import ROOT
from bdur_xl.build.notice import Named, licence, named, notice

NOTICE = (ROOT / "NOTICE").read_text("utf-8")
ROWS = {Named(*row) for row in re.findall(r"^- (\S+) (\d\S*): (.+); (https://\S+)$", NOTICE, re.MULTILINE)}


def test_it_names_each_package_of_the_zip_in_its_version() -> None:
    locked = {(one.name, one.version) for python in PYTHONS for one in windows(python).packages()}
    assert {(row.name, row.version) for row in ROWS} == locked, "run: make notice"


def test_it_says_of_each_what_the_package_says() -> None:
    here = {(one.name, one.version) for one in windows("3.11").packages()} - {("pywin32", "312")}
    checked = {row for row in ROWS if (row.name, row.version) in here}
    assert len(checked) > 12
    for row in checked:
        package = distribution(row.name)
        if package.version == row.version:  # numpy differs per Python
            assert row == named(package), "run: make notice"
    assert all(row.licence != "niet vermeld" for row in ROWS)


def test_the_rest_of_it_is_what_the_command_writes() -> None:
    assert notice(ROWS) == NOTICE, "run: make notice"


def test_xlwings_licence_stands_in_full_in_it_and_in_the_macros_of_workbook_and_addin() -> None:
    words = distribution("xlwings").read_text("licenses/LICENSE.txt")
    assert words
    assert words in NOTICE
    terms = re.findall(r"[\w,.;:()\"-]+", words.partition("Redistribution and use")[2])
    for addin in (False, True):
        module = vba.sources(addin=addin)["xlwings"]
        head = re.findall(
            r"[\w,.;:()\"-]+", module.replace("\n'", "\n").partition("Redistribution and use")[2]
        )
        assert head[: len(terms)] == terms
        assert "Copyright (C) 2014" in module


def test_the_programs_that_make_the_files_are_named_in_the_version_that_made_them() -> None:
    for name in ("xlwings", "pyOpenVBA", "XlsxWriter", "python-docx"):
        assert f"- {name} {distribution(name).version}: " in NOTICE


def test_it_says_that_the_licence_of_bdur_xl_is_the_owners_choice() -> None:
    assert "that choice is the owner's" in NOTICE
    assert [path.name for path in ROOT.glob("LICEN*")] == []


def test_a_licence_is_told_as_the_package_states_it() -> None:
    assert licence(distribution("pandas")) == "BSD-3-Clause"
    assert licence(distribution("lxml")) == "BSD-3-Clause"
    assert licence(distribution("rich")) == "MIT License"
