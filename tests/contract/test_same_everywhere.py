"""Registry, Excel functions, VBA wrappers, help and docs offer the same functions with the same arguments."""

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest
from defusedxml import ElementTree
from ranges import FUNCTIONS

from bdur_xl.build import function_help, vba_wrappers
from bdur_xl.build.vba import MOST_CONTINUATIONS, vba_project
from bdur_xl.registry import SHEET_FUNCTIONS, Argument

DOCS = Path(__file__).parents[2] / "docs" / "FUNCTIES.md"
OFFERED = {name: [argument.name for argument in function.arguments] for name, function in FUNCTIONS.items()}
VBA_WORDS = """
and as boolean byref byte byval call caller case const date declare dim do double each else end enum
exit false for friend function get global gosub goto if imp implements in input integer is let like
lock long loop lset me mod new next not nothing null object on open option optional or paramarray
print private property public put raiseevent redim rem resume return rset select set single static
step stop string sub then to true type unlock until variant wend while with withevents write xor
"""
"""Words that cannot name a parameter in VBA; `caller` is xlwings' own."""


def test_the_names_are_fixed() -> None:
    assert list(OFFERED) == [
        "BDUR_JAARTOTAAL", "BDUR_BESCHIKBAAR", "BDUR_RUIMTE", "BDUR_RUIMTE_CUMULATIEF", "BDUR_FTE",
        "BDUR_DEELJAAR", "BDUR_DOELDEKKING", "BDUR_OVERZICHT", "BDUR_DOELENMATRIX", "BDUR_CONTROLES",
        "BDUR_SCENARIOS", "BDUR_ANTWOORDEN", "BDUR_REALISATIE", "BDUR_WAAROM", "BDUR_STATUS",
    ]  # fmt: skip


def test_the_excel_module_offers_them(udfs: ModuleType) -> None:
    found = {
        name: list(inspect.signature(value).parameters)
        for name, value in vars(udfs).items()
        if hasattr(value, "__xlfunc__")
    }
    assert found == OFFERED


def test_the_vba_module_offers_them() -> None:
    found = re.findall(r"^Function (\w+)\((.*)\)$", vba_wrappers.udf_module(), re.MULTILINE)
    assert {name: re.findall(r"(?:Optional )?(\w+)", given) for name, given in found} == OFFERED
    optional = {name: re.findall(r"Optional (\w+)", given) for name, given in found}
    for name, function in FUNCTIONS.items():
        assert optional[name] == [argument.name for argument in function.arguments if argument.optional]


def test_the_wizard_and_the_help_while_typing_describe_them() -> None:
    described = re.findall(
        r'^    Describe "(\w+)", "(.*?)"(?:, Array|$)', vba_wrappers.udf_module(), re.MULTILINE
    )
    assert {name: text.replace('""', '"') for name, text in described} == {
        name: function.help for name, function in FUNCTIONS.items()
    }
    space = f"{{{function_help.INTELLISENSE}}}"
    root = ElementTree.fromstring(function_help.intellisense())
    assert root.tag == f"{space}IntelliSense"
    elements = root.findall(f"{space}FunctionInfo/{space}Function")
    assert {
        one.get("Name"): [argument.get("Name", "").strip("[]") for argument in one] for one in elements
    } == OFFERED
    assert all(each.get("Description") for one in elements for each in (one, *one))


def test_the_docs_are_what_the_registry_makes() -> None:
    assert DOCS.read_text("utf-8") == function_help.markdown(), "python -m bdur_xl.build.function_help"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_texts_fit_excel(name: str) -> None:
    function = FUNCTIONS[name]
    for text in (function.help, *(argument.help for argument in function.arguments)):
        assert text
        assert len(text) <= vba_wrappers.LONGEST_HELP
        text.encode("cp1252")
    assert function.example.startswith(f"={name}(")
    assert len(function.arguments) < MOST_CONTINUATIONS, (
        "one line per argument in the VBA that describes them"
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_arguments_fit_vba_and_python(name: str) -> None:
    arguments = FUNCTIONS[name].arguments
    names = [argument.name for argument in arguments]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*", one) and one not in VBA_WORDS.split() for one in names)
    optional = [argument.optional for argument in arguments]
    assert optional == sorted(optional), "what may be left out stands last"
    assert all(argument.is_range == bool(argument.tables) for argument in arguments)


def test_an_argument_of_one_name_is_of_one_kind() -> None:
    by_name: dict[str, Argument] = {}
    for argument in (one for function in SHEET_FUNCTIONS for one in function.arguments):
        assert by_name.setdefault(argument.name, argument).kind is argument.kind


@pytest.mark.parametrize("addin", [False, True])
def test_the_vba_module_passes_the_limits_of_the_editor(addin: bool) -> None:
    assert vba_project({"xlwings_udfs": vba_wrappers.udf_module(addin=addin)}, ["BladOver"])
