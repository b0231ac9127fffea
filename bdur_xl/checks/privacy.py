"""The check that no person is named: C34. It never repeats the name that it sees."""

import re
from collections.abc import Iterator

from bdur_xl import cells
from bdur_xl.checks.check import Observation
from bdur_xl.model import Inputs
from bdur_xl.tables import Texts

_SURNAME = r"(?:(?:van|de|der|den|ter|ten|te|el|al)\s+){0,3}[A-Z][a-zà-ÿ]{2,}"
_INITIALS = r"(?!N\.\s?B\.|P\.\s?S\.)(?:[A-Z]\.\s?){2,5}"

_MARKS = (
    ("een aanspreekvorm", rf"\b(?:[Dd]hr|[Mm]evr|[Mm]w)\.?\s+(?:{_INITIALS}|[A-Z]\.\s?)?{_SURNAME}"),
    ("een aanspreekvorm", rf"\b(?:[Dd]e heer|[Mm]evrouw)\s+(?:{_INITIALS}|[A-Z]\.\s?)?{_SURNAME}"),
    ("een titel met naam", rf"\b(?:[Dd]rs|[Ii]ng|[Ii]r|[Mm]r|[Dd]r|[Pp]rof)\.\s+(?:[A-Z]\.\s?)*{_SURNAME}"),
    ("voorletters met een achternaam", rf"(?<![A-Za-z.]){_INITIALS}{_SURNAME}"),
    ("een voorletter met een achternaam", rf"^[A-Z]\.\s?{_SURNAME}$"),
    ("een e-mailadres van een persoon", r"\b[A-Za-z]+(?:\.[A-Za-z]+)+@[A-Za-z0-9.-]+\.[a-z]{2,}"),
)
"""What tells that a text names a person: what it is, and its pattern. A name without any of these is
not seen: "Nieuwe Crisis" looks the same."""

_PATTERN = re.compile("|".join(f"({pattern})" for _, pattern in _MARKS))

_PERSON = rf"(?:[A-Z][\w'.-]*,?\s+)+{_SURNAME}|{_SURNAME},\s*[A-Z].*|.*@.*|[A-Z]\.\s?{_SURNAME}"
_PROGRAMS = ("microsoft", "libreoffice", "openpyxl", "xlsxwriter")


def persons_named(inputs: Inputs) -> Iterator[Observation]:
    """C34: a cell or a property of the file names a person."""
    texts = inputs.texts
    found = texts.where(_mark) if isinstance(texts, Texts) else (one for one in texts if _mark(one[1]))
    for place, text in found:
        yield (
            place,
            f"lijkt een persoon te noemen ({_mark(text)})",
            "Haal de naam weg; noem de functie, zoals: reeds geworven adviseur.",
        )
    for name, value in inputs.properties.items():
        if re.fullmatch(_PERSON, value) and not value.casefold().startswith(_PROGRAMS):
            yield (
                f"Eigenschappen van het bestand, {name}",
                "lijkt een persoon te noemen",
                "Kies Bestand > Info > Controleren op problemen > Document controleren, en verwijder ze.",
            )


def _mark(text: str) -> str:
    """Return what tells that a text names a person; "" when nothing does.

    Each of `_MARKS` has a space, a point or an @: one word of letters and digits is no name.
    """
    match = None if text.isalnum() else _PATTERN.search(cells.visible(text))
    return _MARKS[(match.lastindex or 1) - 1][0] if match else ""
