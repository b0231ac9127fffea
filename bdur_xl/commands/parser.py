"""The arguments of one command, its help and what is said of a line that is typed wrong: in Dutch."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from bdur_xl.commands import COMMANDS, exits

_DUTCH = {
    "usage: ": "gebruik: ",
    "positional arguments": "argumenten",
    "options": "opties",
    "show this help message and exit": "toon deze hulp",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "er ontbreekt: %s",
    "unrecognized arguments: %s": "onbekend: %s",
    "unexpected option string: %s": "onbekend: %s",
    "expected one argument": "hier hoort een waarde achter",
    "expected at most one argument": "hier hoort hooguit één waarde achter",
    "expected at least one argument": "hier hoort een waarde achter",
    "not allowed with argument %s": "kan niet samen met %s",
    "one of the arguments %s is required": "kies een van %s",
    "invalid %(type)s value: %(value)r": "%(value)r kan niet",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r kan niet; kies uit %(choices)s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan meer betekenen: %(matches)s",
    "ignored explicit argument %r": "de waarde %r hoort hier niet",
}
"""argparse takes its texts from gettext; here is their Dutch."""

_FILES = (".xlsm", ".xlsx", ".docx", ".json", ".csv")


class _Help(argparse.HelpFormatter):
    """Wraps a text to the terminal; what is laid out in lines stays so."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


class Parser(argparse.ArgumentParser):
    """The parser of one command; keeps what was typed, to say what may be meant."""

    typed: Sequence[str] = ()

    def read(self, typed: Sequence[str]) -> argparse.Namespace:
        """Return the arguments; a line that is wrong raises SystemExit with 2, help with 0."""
        self.typed = typed
        return self.parse_args(typed)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the line, and what may be meant."""
        from bdur_xl.commands.shared import stop

        stop(f"{self.format_usage()}{self.prog}: {message}.", " ".join(self._hints()))

    def _hints(self) -> list[str]:
        known = self._option_string_actions
        words = self.typed[: list(self.typed).index("--")] if "--" in self.typed else self.typed
        hints = []
        for word in words:
            option = word.partition("=")[0]
            if not option.startswith("-") or option in known or option == "-":
                continue
            if word.lower().endswith(_FILES) or Path(word).exists():
                hints.append(
                    f"Begint de naam van een bestand met een streepje, typ dan ./{word} of -- {word}."
                )
            elif near := nearest(option, known):
                hints.append(f"Bedoelt u {near}?")
        return [*hints, f"Hoe het hoort, toont: {self.prog} --help"]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the word that was probably meant; None when nothing looks like it."""
    import difflib

    return next(iter(difflib.get_close_matches(word.lower(), list(known), n=1)), None)


def parser_of(name: str, module: ModuleType) -> Parser:
    """Return the parser of a command, from the module of its name."""
    argparse._ = lambda text: _DUTCH.get(text, text)  # type: ignore[attr-defined]
    made = Parser(
        prog=f"bdur {name}",
        description=f"{sentence(COMMANDS[name].text)}.{getattr(module, 'MORE', '')}",
        epilog=_epilog(name, module.EXAMPLES),
        formatter_class=_Help,
    )
    module.add(made)
    return made


def sentence(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _epilog(name: str, examples: dict[str, str]) -> str:
    shown = [line for example, what in examples.items() for line in (f"  {example}", f"      {what}")]
    codes = [f"  {code:<4} {text}" for code, text in exits(name).items()]
    return "\n".join(["voorbeelden:", *shown, "", "uitkomst (exitcode):", *codes])
