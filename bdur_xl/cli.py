"""The command `bdur`: finds the command that is asked for, runs it, and tells how it ended.

Only that command is imported. What each command does and how it may end stands in `commands`.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bdur_xl import __version__
from bdur_xl.commands import BUG, COMMANDS, EXITS, GROUPS, INTERRUPTED, OK, REFUSED

if TYPE_CHECKING:
    import argparse

HELP, VERSION = ("-h", "--help"), "--version"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code, one of `EXITS`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not when a test or an editor captures it
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # half an emoji, an odd path
    typed = list(sys.argv[1:] if arguments is None else arguments)
    if sys.stdout is None:
        print("Er is geen uitvoer om naar te schrijven.\n    → Start bdur in een opdrachtvenster.",
              file=sys.stderr)  # fmt: skip
        return REFUSED
    try:
        return _run(typed)
    except KeyboardInterrupt:
        print("Afgebroken; wat nog niet klaar was, is niet geschreven.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return _bug(typed, error)


def _run(typed: list[str]) -> int:
    """Run a command and return its exit code; what may go wrong with the output is told in Dutch."""
    try:
        try:
            result = _answer(typed)
        except SystemExit as stopped:  # how a command ends halfway, see `shared.stop`
            result = stopped.code if isinstance(stopped.code, int) else OK
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output closed it, as `head` does
        sys.stdout = None  # nothing is left to flush when Python ends
        return OK
    except OSError as error:
        from bdur_xl.files.atomic import reason

        print(f"De uitvoer kan niet worden geschreven ({reason(error)}).\n"
              "    → Maak ruimte, of schrijf naar een andere plaats.", file=sys.stderr)  # fmt: skip
        sys.stdout = None
        return REFUSED
    return result


def _answer(typed: list[str]) -> int:
    if not typed:
        print(help_text(), file=sys.stderr)
        return REFUSED
    name, *rest = typed
    if name in HELP:
        print(help_text())
        return OK
    if name == VERSION:
        print(f"bdur {__version__}")
        return OK
    return _command(name, rest) if name in COMMANDS else _unknown(name)


def _command(name: str, typed: list[str]) -> int:
    from importlib import import_module

    from bdur_xl.commands.parser import parser_of
    from bdur_xl.files.shipped import IncompleteError

    module = import_module(f"bdur_xl.commands.{name}")
    options = parser_of(name, module).read(typed)
    try:
        result = module.run(options)
    except OverflowError as error:
        return _too_large(options, error)
    except IncompleteError as error:
        print(error, file=sys.stderr)
        return REFUSED
    assert isinstance(result, int)
    return result


def _too_large(options: "argparse.Namespace", error: OverflowError) -> int:
    if not getattr(options, "json", False):
        raise error
    print(f"Dit past niet in JSON: {error}.\n    → Laat --json weg.", file=sys.stderr)
    return REFUSED


def _unknown(name: str) -> int:
    from bdur_xl.commands.parser import nearest
    from bdur_xl.commands.shared import stop

    near = nearest(name, [*COMMANDS, *HELP, VERSION])
    what = "optie" if name.startswith("-") else "opdracht"
    stop(f"bdur: de {what} {name} bestaat niet.",
         " ".join([*([f"Bedoelt u {near}?"] if near else []), "Wat er is, toont: bdur --help"]))  # fmt: skip


def help_text() -> str:
    """Return the help of `bdur` itself: the commands in the order in which staff meet them."""
    lines = [
        "gebruik: bdur OPDRACHT …",
        "",
        "Rekent het BDuR-plan van een veiligheidsregio door: jaartotalen, begrotingsruimte en doelbereik.",
    ]
    for group, commands in GROUPS.items():
        lines += ["", f"{group}:", *(f"    {name:<12}{one.text}" for name, one in commands.items())]
    lines += [
        "",
        "voorbeeld: bdur overzicht BDuR_plan.xlsm --basis exact",
        "Uitleg en voorbeelden bij een opdracht: bdur OPDRACHT --help",
        "De versie: bdur --version",
        "",
        "uitkomst (exitcode):",
        *(f"    {code:<4}{text}" for code, text in EXITS.items()),
    ]
    return "\n".join(lines)


def _bug(typed: list[str], error: Exception) -> int:
    from bdur_xl import error_log

    told = error_log.told(" ".join(["bdur", *typed[:1]]), error)
    print(
        f"Er is een fout in bdur zelf: {type(error).__name__} ({told}).\n"
        "    → Meld dit aan de beheerder, met het logboek.",
        file=sys.stderr,
    )
    return BUG


if __name__ == "__main__":
    raise SystemExit(main())
