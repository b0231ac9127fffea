"""The commands of `bdur`: what each is for and how it ends; its work is in the module of its name.

Such a module has EXAMPLES (command lines with what they do), `add` (its arguments) and `run`.
It is imported when its command is asked for, so that no command waits for another.
"""

from typing import NamedTuple

OK, FOUND, REFUSED, BUG, INTERRUPTED = 0, 1, 2, 70, 130

EXITS = {
    OK: "gedaan",
    FOUND: "gedaan, en er is iets gevonden",
    REFUSED: "niet gedaan: verkeerd getypt, of iets kan niet worden gelezen of geschreven",
    BUG: "een fout in bdur zelf; die staat in het logboek",
    INTERRUPTED: "afgebroken met Ctrl+C",
}
"""How every command ends, and what that tells."""


class Command(NamedTuple):
    """What a command does, and what exit code 1 tells; it never ends with 1 when that is empty."""

    text: str
    found: str = ""


_NO_MEMO = "er is geen memo gemaakt: een controle die moet kloppen, klopt niet"

GROUPS = {
    "Installeren": {
        "nieuw": Command("zet een nieuwe werkmap en Word-sjabloon in een map"),
        "installeer": Command("stel Excel in voor de BDuR-functies, of LibreOffice; alleen voor u"),
        "gezond": Command(
            "kijk na of Excel, Python, LibreOffice en de werkmap bij elkaar passen",
            "er is iets niet in orde",
        ),
        "aanvullen": Command("laat de Tab-toets opdrachten, opties en bestanden aanvullen"),
    },
    "Bekijken": {
        "overzicht": Command("toon jaartotalen, begrotingsruimte en doelbereik"),
        "controleer": Command("controleer het plan", "iets klopt niet dat moet kloppen"),
        "scenarios": Command("leg de scenario's naast het plan: lasten, beschikbaar en ruimte"),
        "antwoorden": Command(
            "beantwoord wat er gebeurt als: kantelpunt, extra fte, na het plan, aannamen"
        ),
        "realisatie": Command("zet per regel de realisatie naast het plan, met de verwachting"),
        "vergelijk": Command("vertel wat er tussen twee versies van het plan veranderde"),
    },
    "Verversen": {
        "ververs": Command("ververs voor het bestuur: controles, momentopname, memo en PDF", _NO_MEMO),
        "memo": Command("schrijf alleen de bestuursmemo, als Word-bestand", _NO_MEMO),
        "toets": Command("toets een bewerkte memo aan de werkmap", "een cijfer of zin is verouderd"),
        "sjabloon": Command("schrijf de Word-sjabloon van de memo, om in Word aan te passen"),
    },
    "Beheren": {
        "importeer": Command(
            "maak van een grootboekexport de tabel realisatie, in een werkmap ernaast",
            "gedaan, maar niet elke rij kan worden gelezen",
        ),
        "bijwerken": Command(
            "zet de invoer van een oudere of bewerkte werkmap over in de huidige, als nieuw bestand",
            "niet alles kon mee; of de cijfers zijn niet gelijk, en dan is er niets geschreven",
        ),
        "bouw": Command("bouw een werkmap uit een map met CSV-bestanden"),
    },
}  # fmt: skip
"""The commands in the order in which staff meet them."""

COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


def exits(name: str) -> dict[int, str]:
    """Return how a command may end, and what that tells."""
    found = COMMANDS[name].found
    return {code: found if code == FOUND else text for code, text in EXITS.items() if found or code != FOUND}
