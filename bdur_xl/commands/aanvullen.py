"""`bdur aanvullen`: the script with which a shell completes commands, options and files.

The script holds all it needs: a shell that completes starts no Python. What it offers comes from the
parsers of the commands. Files are offered by the suffixes of all arguments of a command together.
"""

import argparse
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import NamedTuple

from bdur_xl.commands import COMMANDS, OK
from bdur_xl.commands.parser import parser_of

EXAMPLES = {
    "bdur aanvullen bash >> ~/.bashrc": "Linux en macOS, bash (vanaf versie 4)",
    "bdur aanvullen zsh >> ~/.zshrc": "zsh; in .zshrc staat al: autoload -U compinit && compinit",
    "bdur aanvullen fish > ~/.config/fish/completions/bdur.fish": "fish",
    "bdur aanvullen powershell | Out-String | Invoke-Expression": "dit venster van PowerShell",
}
MORE = " De opdracht schrijft een script, en wijzigt zelf niets."

_SUFFIXES = {
    "WERKMAP": ("xlsm", "xlsx"),
    "EERDER": ("xlsm", "xlsx", "json"),
    "LATER": ("xlsm", "xlsx", "json"),
    "MEMO": ("docx",),
    "EXPORT": ("csv", "xlsx"),
    "--sjabloon": ("docx",),
    "--uit": ("xlsm", "xlsx"),
}
"""The suffixes of the files that an argument may name."""


class Value(NamedTuple):
    """What can stand in a place: one of these words, a file with one of these suffixes, a folder."""

    words: tuple[str, ...]
    suffixes: tuple[str, ...]
    folder: bool


class Offer(NamedTuple):
    """What can stand on the line of a command."""

    options: dict[str, str]
    """Per option what it does."""

    values: dict[str, Value]
    """Per option that takes a value what that may be."""

    arguments: Value
    """What the arguments without option may be, together."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("schil", choices=tuple(_SCRIPTS), metavar="SCHIL", help=", ".join(_SCRIPTS))


def run(options: argparse.Namespace) -> int:
    """Print the script for a shell."""
    print("\n".join(script(options.schil)))
    return OK


def script(shell: str) -> list[str]:
    """Return the lines of the script for a shell."""
    return _SCRIPTS[shell]({name: offer(name) for name in COMMANDS})


def offer(name: str) -> Offer:
    """Return what can stand on the line of a command, from its parser."""
    options: dict[str, str] = {}
    values: dict[str, Value] = {}
    arguments = Value((), (), False)
    for action in parser_of(name, import_module(f"bdur_xl.commands.{name}"))._actions:
        value = _value(action)
        if not action.option_strings:
            arguments = _either(arguments, value)
        for flag in action.option_strings:
            options[flag] = action.help or ""
            if action.nargs != 0:
                values[flag] = value
    return Offer(options, values, arguments)


def _value(action: argparse.Action) -> Value:
    name = action.option_strings[-1] if action.option_strings else str(action.metavar)
    suffixes = _SUFFIXES.get(name, ())
    return Value(tuple(action.choices or ()), suffixes, bool(suffixes) or action.metavar == "MAP")


def _either(one: Value, other: Value) -> Value:
    suffixes = dict.fromkeys((*one.suffixes, *other.suffixes))
    return Value(one.words + other.words, tuple(suffixes), one.folder or other.folder)


def _marked(value: Value) -> list[str]:
    """Return the words, each suffix as `@xlsm` and a folder as `@/`."""
    return [*value.words, *(f"@{suffix}" for suffix in value.suffixes), *(["@/"] if value.folder else [])]


def _bash(offers: dict[str, Offer]) -> list[str]:
    behind, flags, files = [], [], []
    for name, one in offers.items():
        flags.append(f"        {name}) words='{' '.join(one.options)}';;")
        files.append(f"        {name}) words='{' '.join(_marked(one.arguments))}';;")
        for flag, value in one.values.items():
            behind.append(f"        '{name} {flag}') words='{' '.join(_marked(value))}'; known=1;;")
    first = " ".join([*offers, "--help", "--version"])
    found = "mapfile -t -O ${#COMPREPLY[@]} COMPREPLY <"
    return [
        "_bdur() {",
        "    local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words='' known='' word",
        "    COMPREPLY=()",
        "    if ((COMP_CWORD == 1)); then",
        f"        {found} <(compgen -W '{first}' -- \"$cur\")",
        "        return",
        "    fi",
        '    case "$command ${COMP_WORDS[COMP_CWORD-1]}" in',
        *behind,
        "    esac",
        "    if [[ -z $known && $cur == -* ]]; then",
        "        case $command in",
        *(f"    {line}" for line in flags),
        "        esac",
        f"        {found} <(compgen -W \"$words\" -- \"$cur\")",
        "        return",
        "    fi",
        "    if [[ -z $known ]]; then",
        "        case $command in",
        *(f"    {line}" for line in files),
        "        esac",
        "    fi",
        "    for word in $words; do",
        "        [[ $word == @* ]] && compopt -o filenames",
        "        case $word in",
        f"            @/) {found} <(compgen -d -- \"$cur\");;",
        f"            @*) {found} <(compgen -f -X \"!*.${{word#@}}\" -- \"$cur\");;",
        "            *) [[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\");;",
        "        esac",
        "    done",
        "}",
        "complete -F _bdur bdur",
    ]  # fmt: skip


def _zsh(offers: dict[str, Offer]) -> list[str]:
    behind, flags, files = [], [], []
    for name, one in offers.items():
        flags.append(f"            {name}) compadd -- {' '.join(one.options)};;")
        files.append(f"        {name}) {_zsh_value(one.arguments)};;")
        for flag, value in one.values.items():
            behind.append(f"        '{name} {flag}') {_zsh_value(value)}; return;;")
    described = (_quoted(f"{name}:{COMMANDS[name].text}") for name in offers)
    return [
        "_bdur() {",
        "    if (( CURRENT == 2 )); then",
        "        local -a commands=(",
        *(f"            {text}" for text in described),
        "        )",
        "        _describe opdracht commands",
        "        return",
        "    fi",
        '    case "$words[2] $words[CURRENT-1]" in',
        *behind,
        "    esac",
        "    if [[ $PREFIX == -* ]]; then",
        "        case $words[2] in",
        *flags,
        "        esac",
        "        return",
        "    fi",
        "    case $words[2] in",
        *files,
        "    esac",
        "}",
        "compdef _bdur bdur",
    ]


def _zsh_value(value: Value) -> str:
    if value.words:
        return f"compadd -- {' '.join(value.words)}"
    if value.suffixes:
        return f"_files -g '*.({'|'.join(value.suffixes)})'"
    return "_files -/" if value.folder else ":"


def _fish(offers: dict[str, Offer]) -> list[str]:
    lines = ["complete -c bdur -f"]
    first = "-n __fish_use_subcommand"
    lines += [f"complete -c bdur {first} -l {flag}" for flag in ("help", "version")]
    for name, one in offers.items():
        text = _quoted(COMMANDS[name].text)
        lines.append(f"complete -c bdur {first} -a {name} -d {text}")
        there = f"complete -c bdur -n '__fish_seen_subcommand_from {name}'"
        lines.append(f"{there} -k -a {_fish_value(one.arguments)}")
        for flag, what in one.options.items():
            kind = f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
            taken = f" -x -k -a {_fish_value(one.values[flag])}" if flag in one.values else ""
            lines.append(f"{there} {kind}{taken} -d {_quoted(what)}")
    return lines


def _fish_value(value: Value) -> str:
    if value.words:
        return f"'{' '.join(value.words)}'"
    found = [f"(__fish_complete_suffix .{suffix})" for suffix in value.suffixes]
    folders = ["(__fish_complete_directories)"] if value.folder and not found else []
    return f"'{' '.join([*found, *folders])}'"


def _powershell(offers: dict[str, Offer]) -> list[str]:
    return [
        "Register-ArgumentCompleter -Native -CommandName bdur -ScriptBlock {",
        "    param($word, $ast, $cursor)",
        "    $options = @{",
        *(f"        '{name}' = {_array(one.options)}" for name, one in offers.items()),
        "    }",
        "    $values = @{",
        *(
            f"        '{name} {flag}' = {_array(_marked(value))}"
            for name, one in offers.items()
            for flag, value in one.values.items()
        ),
        *(f"        '{name}' = {_array(_marked(one.arguments))}" for name, one in offers.items()),
        "    }",
        "    $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } |"
        " ForEach-Object { $_.Extent.Text })",
        f"    if ($typed.Count -le 1) {{ $found = {_array([*offers, '--help', '--version'])} }}",
        "    elseif ($values.ContainsKey(\"$($typed[1]) $($typed[-1])\"))"
        " { $found = $values[\"$($typed[1]) $($typed[-1])\"] }",
        "    elseif ($word -like '-*') { $found = $options[$typed[1]] }",
        "    else { $found = $values[$typed[1]] }",
        "    foreach ($one in $found) {",
        "        if ($one -like '@*') {",
        "            if ($one -eq '@/') { $files = Get-ChildItem -Directory -Path \"$word*\" }",
        "            else { $files = Get-ChildItem -File -Path \"$word*.$($one.Substring(1))\" }",
        "            foreach ($file in $files) {",
        "                $path = Resolve-Path -Relative -LiteralPath $file.FullName",
        "                if ($path -match '\\s') { \"'$path'\" } else { $path }",
        "            }",
        "        }",
        "        elseif ($one -like \"$word*\") { $one }",
        "    }",
        "}",
    ]  # fmt: skip


def _array(words: Iterable[str]) -> str:
    return "@({})".format(", ".join(f"'{word}'" for word in words))


def _quoted(text: str) -> str:
    """Return a text between quotes that no shell reads anything in."""
    apostrophe = "\N{RIGHT SINGLE QUOTATION MARK}"
    return "'{}'".format(text.replace("'", apostrophe))


_SCRIPTS: dict[str, Callable[[dict[str, Offer]], list[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
}
