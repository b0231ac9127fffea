"""Help on the sheet functions, from the registry: docs/FUNCTIES.md, and help while typing in Excel.

`python -m bdur_xl.build.function_help` prints docs/FUNCTIES.md.
"""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from bdur_xl import grids
from bdur_xl.registry import SHEET_FUNCTIONS, Argument, SheetFunction

INTELLISENSE = "http://schemas.excel-dna.net/intellisense/1.0"

OVERVIEW_ROWS = (
    ("lasten", "jaartotaal", "alle geraamde lasten, als BDUR_JAARTOTAAL"),
    ("lasten", "incidenteel", ""),
    ("lasten", "structureel", ""),
    ("blok", "fte", "lasten van het blok"),
    ("blok", "middelen", ""),
    ("beschikbaar", "afgerond", "als BDUR_BESCHIKBAAR"),
    ("beschikbaar", "exact", ""),
    ("ruimte", "afgerond", "als BDUR_RUIMTE"),
    ("ruimte", "exact", ""),
    ("cumulatief", "afgerond", "als BDUR_RUIMTE_CUMULATIEF; alleen indicatief"),
    ("cumulatief", "exact", ""),
    ("fte", "structureel", "als BDUR_FTE"),
    ("deeljaar", "jaartotaal", "als BDUR_DEELJAAR met instroom; zonder instroom #N/B"),
    ("ruimte deeljaar", "afgerond", "als BDUR_RUIMTE met instroom; zonder instroom #N/B"),
    ("ruimte deeljaar", "exact", ""),
    (
        "doel",
        "(geen doel)",
        "lasten zonder aandachtsgebied; zonder koppeling, aandachtsgebieden en doelen #N/B",
    ),
    ("hoofdthema", "*naam*", "een rij per hoofdthema met een raming"),
    ("afdeling", "*naam*", "een rij per afdeling met een raming"),
    (
        "instroom 1 *maand*",
        "lasten, ruimte afgerond, ruimte exact",
        "drie rijen per variant; andere jaren leeg",
    ),
)
"""The rows of BDUR_OVERZICHT: part, name, meaning."""

_INTRODUCTION = """\
# Functies

Gemaakt uit `bdur_xl/registry.py`; wijzig dit bestand niet met de hand.

In Excel en in LibreOffice Calc dezelfde functies, met dezelfde argumenten en dezelfde uitkomst.
Argumenten tussen haken mogen leeg blijven of worden overgeslagen.

- **Bereiken** gaan mee met de koprij (in de werkmap: de namen `plan`, `budget` en zo verder). De volgorde
  van de kolommen is vrij. De functies lezen nergens anders iets.
- **Jaren, maanden en namen** zoals u ze typt: 2027 of "2027", "mei 2027" of een datumcel, namen in
  hoofdletters of kleine letters en met spaties te veel.
- **#N/B** (#N/A): het plan heeft dit jaar, deze naam of dit cijfer niet. Een lege raming is geen € 0.
- **#WAARDE!** (#VALUE!): een argument kan niet, of in een bereik staat een cel die niet zeker te lezen
  is. Er komt nooit een te kleine som uit. BDUR_CONTROLES noemt de cel, BDUR_WAAROM de reden en de namen
  die erop lijken.
- **Tabellen** hebben een koprij en een vaste volgorde. Met `rijen` en `kolommen` vult de functie aan tot
  een vast blok, zodat beide programma's hetzelfde tonen; past de tabel er niet in, dan is de uitkomst
  #WAARDE!.
- Tekst in een tabel is hooguit 255 tekens lang; wat langer is eindigt op "…".
"""


def intellisense() -> str:
    """Return the custom XML part that the Excel-DNA IntelliSense add-in reads."""
    functions = "".join(_function_element(function) for function in SHEET_FUNCTIONS)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<IntelliSense xmlns="{INTELLISENSE}">\n<FunctionInfo>\n{functions}</FunctionInfo>\n'
        "</IntelliSense>\n"
    )


def _function_element(function: SheetFunction) -> str:
    arguments = "".join(
        f"<Argument Name={quoteattr(_shown(argument))} Description={quoteattr(argument.help)}/>\n"
        for argument in function.arguments
    )
    named = f"Name={quoteattr(function.name)} Description={quoteattr(function.help)}"
    return f"<Function {named}>\n{arguments}</Function>\n"


def _shown(argument: Argument) -> str:
    return f"[{argument.name}]" if argument.optional else argument.name


def signature(function: SheetFunction) -> str:
    """Return a function as staff type it: BDUR_FTE(plan; jaar; [soort]; [uitgangspunten])."""
    return f"{function.name}({'; '.join(_shown(argument) for argument in function.arguments)})"


def markdown() -> str:
    """Return docs/FUNCTIES.md."""
    return "\n".join((_INTRODUCTION, *(_section(function) for function in SHEET_FUNCTIONS)))


def _section(function: SheetFunction) -> str:
    lines = [f"## {function.name}", "", function.help, "", f"`{signature(function)}`", ""]
    if function.arguments:
        rows = (
            (f"`{_shown(one)}`", one.help, str(one.kind), f"`{one.example}`") for one in function.arguments
        )
        lines += [*_table(("argument", "betekenis", "soort", "voorbeeld"), rows), ""]
    lines += [f"Geeft: {function.returns}", "", f"Voorbeeld: `{function.example}`", ""]
    return "\n".join([*lines, *_layout(function)])


def _layout(function: SheetFunction) -> list[str]:
    """Return how the table of an array function is laid out."""
    if function.name == "BDUR_OVERZICHT":
        heading = (
            "Kolommen: onderdeel, naam, en per jaar een kolom met het jaartal als kop. Rijen, op volgorde:"
        )
        return [heading, "", *_table((*grids.OVERVIEW_HEADINGS, "cijfer"), OVERVIEW_ROWS), ""]
    if function.name == "BDUR_DOELENMATRIX":
        columns = ", ".join(grids.GOAL_HEADINGS)
        years = "niveau, bedrag en fte, elk met een kolom per jaar (`niveau 2027`, `bedrag 2027`, `fte 2027`)"
        return [f"Kolommen: {columns}; dan {years}. Een rij per doel, in de volgorde van doelen.", ""]
    if function.name == "BDUR_CONTROLES":
        columns = ", ".join(grids.CHECK_HEADINGS)
        rows = (
            f"Een rij per bevinding; een controle zonder bevinding heeft één rij met uitkomst {grids.HOLDS}"
        )
        unread = f"Is de invoer niet te lezen, dan staat bij de andere controles {grids.NOT_RUN}."
        return [f"Kolommen: {columns}. {rows}. {unread}", ""]
    if function.name == "BDUR_SCENARIOS":
        columns = ", ".join(grids.SCENARIO_HEADINGS)
        rows = "per scenario lasten, beschikbaar, ruimte, cumulatief en verschil met basis (van de ruimte)"
        return [f"Kolommen: {columns}, en per jaar een kolom. Rijen: {rows}; basis eerst.", ""]
    if function.name == "BDUR_ANTWOORDEN":
        columns = ", ".join(grids.ANSWER_HEADINGS)
        rows = "eerst een rij per zin van een antwoord, dan een rij per cijfer"
        return [f"Kolommen: {columns}. Rijen: {rows}. Bedragen in een zin zijn hele euro's.", ""]
    return []


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (headings, ("---",) * len(headings), *rows)]


if __name__ == "__main__":
    print(markdown(), end="")
