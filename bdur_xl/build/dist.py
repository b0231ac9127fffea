"""What a region gets, `dist/BDuR-<version>.zip`: everything to install and use bdur_xl, without a network.

    python -m bdur_xl.build.dist             for Windows, 64-bit
    python -m bdur_xl.build.dist --hier      for this system and Python, to try it out
    python -m bdur_xl.build.dist --notice    writes NOTICE from the wheels of the first

Only making it needs a network: pip fetches the wheels of requirements.lock by their hashes. The same
sources give the same bytes.
"""

import argparse
import hashlib
import io
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, sys_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

from bdur_xl import __version__
from bdur_xl.build import addin, function_help, vba_wrappers
from bdur_xl.build.calc_addin import calc_addin
from bdur_xl.build.locks import BUILD_ONLY, ROOT, RUNTIME, Locked, locked
from bdur_xl.build.notice import named, notice
from bdur_xl.files.shipped import TEMPLATE, WORKBOOK, shipped

PYTHONS = ("3.11", "3.12", "3.13")
"""Those a region may have; the installer takes the newest."""

WHEELS = "wielen"
REQUIREMENTS = "vereisten.txt"
SUMS = "SHA256.txt"

_TEXTS = Path(__file__).parent / "zip"
_SOURCES = ("bdur_xl", "udfs", "workbook", "pyproject.toml", "README.md", "NOTICE")
"""What the wheel of bdur_xl is built from."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can name."""
_LICENCE = re.compile(r"(licen[cs]es/.*|(licen[cs]e|copying|notice|authors)[^/]*)(?<!/)$", re.IGNORECASE)
"""Files in a wheel's dist-info that state rights."""
_FILE, _PROGRAM = 0o100644, 0o100755

Wheels = Mapping[str, bytes]
"""Wheels by their file name."""


class Target(NamedTuple):
    """A system and Python to install on."""

    name: str
    environment: Mapping[str, str]
    """What markers ask, where it differs from here. Source: PyPA, Dependency specifiers."""
    tags: frozenset[Tag]
    """The kinds of wheel that it takes."""
    options: tuple[str, ...]
    """How pip is told to fetch for it."""

    def packages(self) -> list[Locked]:
        """Return what is locked for it, without what only builds."""
        every = [one for one in locked(RUNTIME) if one.name != BUILD_ONLY]
        return [one for one in every if one.is_used_in(self.environment)]


def windows(python: str) -> Target:
    """Return 64-bit Windows with this Python, "3.11"."""
    environment = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_release": "10",
        "platform_version": "10.0.19045",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    major, minor = map(int, python.split("."))
    abi, platforms = f"cp{major}{minor}", ["win_amd64"]
    tags = {
        *cpython_tags((major, minor), [abi], platforms),
        *compatible_tags((major, minor), abi, platforms),
    }
    options = ("--platform", "win_amd64", "--implementation", "cp", "--python-version", python)
    return Target(f"Windows, Python {python}", environment, frozenset(tags), options)


def here() -> Target:
    """Return this system and Python."""
    return Target(f"{platform.system()}, Python {_python_here()}", {}, frozenset(sys_tags()), ())


def _python_here() -> str:
    return "{}.{}".format(*sys.version_info)


def fetched(targets: Sequence[Target]) -> Wheels:
    """Return the wheels of what is locked for these systems, each of the hash that the lock names.

    Raises CalledProcessError when pip cannot get one, or gets something else.
    """
    with tempfile.TemporaryDirectory() as folder:
        for target in targets:
            asked = Path(folder, "asked.txt")
            asked.write_text("".join(_line(one, one.hashes, marked=False) for one in target.packages()))
            _pip("download", "--no-deps", "--only-binary=:all:", "--require-hashes", *target.options,
                 "--dest", Path(folder, WHEELS), "--requirement", asked)  # fmt: skip
        return {path.name: path.read_bytes() for path in sorted(Path(folder, WHEELS).iterdir())}


def own_wheel() -> Wheels:
    """Return the wheel of bdur_xl, built without a network from a copy: no earlier build left a file there.

    Raises CalledProcessError when it cannot be built.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "bron")
        copy.mkdir()
        for name in _SOURCES:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "~$*", ".~lock*")
                shutil.copytree(ROOT / name, copy / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, copy)
        _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, copy)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as built:
            return {wheel.name: zipped({name: built.read(name) for name in built.namelist()})}


def _pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True)  # noqa: S603  # pip, with arguments of our own


def _line(one: Locked, hashes: Sequence[str], *, marked: bool = True) -> str:
    marker = f" ; {one.marker}" if marked and one.marker else ""
    return f"{one.name}=={one.version}{marker}{''.join(f' --hash=sha256:{digest}' for digest in hashes)}\n"


def requirements(wheels: Wheels) -> str:
    """Return what pip is to install from the zip: each package with the hashes of its wheels in there."""
    every = [*locked(RUNTIME), Locked("bdur-xl", __version__, None, ())]
    hashes = {one: sorted(_digest(wheels[name]) for name in wheels if _is_of(name, one)) for one in every}
    return "".join(_line(one, found) for one, found in hashes.items() if found)


def _is_of(wheel: str, one: Locked) -> bool:
    name, version, *_ = parse_wheel_filename(wheel)
    return (name, str(version)) == (one.name, one.version)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def metadata(wheel: str, content: bytes) -> PathDistribution:
    """Return what a wheel says of itself."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    folder = "-".join(wheel.split("-")[:2])
    return PathDistribution(zipfile.Path(archive, f"{folder}.dist-info/"))


def faults(wheels: Wheels, target: Target) -> Iterator[str]:
    """Yield what keeps a system from installing bdur_xl from these wheels alone.

    Starts at bdur_xl and follows what each wheel asks for there. Each must be present just once in a kind
    the system takes, in an allowed version, and, but for bdur_xl itself, of a hash that the lock names.
    """
    known = {digest for one in locked(RUNTIME) for digest in one.hashes}
    todo, seen = [Requirement("bdur-xl")], set[str]()
    while todo:
        asked = todo.pop()
        name = canonicalize_name(asked.name)
        fitting = [wheel for wheel in wheels if _fits(wheel, asked, target)]
        if len(fitting) != 1:
            yield f"{target.name}: {asked.name}{asked.specifier} heeft {len(fitting)} wielen"
        elif name not in seen:
            package = metadata(fitting[0], wheels[fitting[0]])
            if name != "bdur-xl" and _digest(wheels[fitting[0]]) not in known:
                yield f"{target.name}: {fitting[0]} staat niet in {RUNTIME.name}"
            if target.environment.get("python_full_version", platform.python_version()) not in SpecifierSet(
                package.metadata["Requires-Python"] or ""
            ):
                yield f"{target.name}: {fitting[0]} wil een andere Python"
            todo += [one for one in map(Requirement, package.requires or []) if _is_used(one, target)]
        seen.add(name)


def _fits(wheel: str, asked: Requirement, target: Target) -> bool:
    name, version, _, tags = parse_wheel_filename(wheel)
    return name == canonicalize_name(asked.name) and version in asked.specifier and bool(tags & target.tags)


def _is_used(asked: Requirement, target: Target) -> bool:
    return asked.marker is None or asked.marker.evaluate({**target.environment, "extra": ""})


def parts(wheels: Wheels, *, for_windows: bool) -> dict[str, bytes]:
    """Return the files of the zip by name and in its order, their checksums included."""
    found = {
        **{f"{WHEELS}/{name}": content for name, content in wheels.items()},
        f"{WHEELS}/{REQUIREMENTS}": requirements(wheels).encode(),
        **_licences(wheels),
        WORKBOOK: shipped(WORKBOOK).read_bytes(),
        TEMPLATE: shipped(TEMPLATE).read_bytes(),
        "BDuR.oxt": calc_addin(),
        "BDuR.xlam": _excel_addin(),
        "NOTICE.txt": _for_notepad((ROOT / "NOTICE").read_text("utf-8")),
        **_texts(for_windows=for_windows),
    }
    sums = "".join(f"{_digest(found[name])}  {name}\n" for name in sorted(found))
    return dict(sorted({**found, SUMS: sums.encode()}.items()))


def _licences(wheels: Wheels) -> dict[str, bytes]:
    """Return the licence files that the wheels of others carry, to be read without unpacking those."""
    found = {}
    for wheel, content in wheels.items():
        if not wheel.startswith("bdur_xl-"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    package, _, file = name.partition(".dist-info/")
                    if _LICENCE.match(file):
                        found[f"licenties/{package}/{file.removeprefix('licenses/')}"] = archive.read(name)
    return found


def _excel_addin() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "BDuR.xlam")
        functions = {"xlwings_udfs": vba_wrappers.udf_module(addin=True)}
        addin.build_addin(path, functions, addin.CREATED, [function_help.intellisense()])
        return path.read_bytes()


def _texts(*, for_windows: bool) -> dict[str, bytes]:
    """Return what a person reads or starts: for Windows in its line ends."""
    if not for_windows:
        return {"installeer.sh": _text("installeer.sh").encode()}
    return {
        "LEESMIJ.txt": _for_notepad(_text("LEESMIJ.txt")),
        **{name: _text(name).replace("\n", "\r\n").encode("ascii")
           for name in ("installeer.cmd", "opdrachtvenster.cmd")},
    }  # fmt: skip


def _text(name: str) -> str:
    """Return a text of the folder zip, with the versions filled in."""
    text = (_TEXTS / name).read_text("utf-8")
    return text.replace("@VERSIE@", __version__).replace("@PYTHON@", _python_here())


def _for_notepad(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip that tells no time and no system; uncompressed, as the bytes of zlib differ by version."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # so that the rights below count
            entry.external_attr = (_PROGRAM if name.endswith(".sh") else _FILE) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the zip, or NOTICE; 1 when something is not right, which is then told."""
    parser = argparse.ArgumentParser(prog="python -m bdur_xl.build.dist", description="Maak de zip.")
    parser.add_argument("--hier", action="store_true", help="voor dit systeem in plaats van Windows")
    parser.add_argument("--notice", action="store_true", help="schrijf NOTICE")
    options = parser.parse_args(arguments)
    targets = [here()] if options.hier else [windows(python) for python in PYTHONS]
    others = fetched(targets)
    text = notice(named(metadata(*one)) for one in others.items())
    if options.notice:
        _write(ROOT / "NOTICE", text.encode())
        return 0
    wheels = {**others, **own_wheel()}
    wrong = [fault for target in targets for fault in faults(wheels, target)]
    if not options.hier and text != (ROOT / "NOTICE").read_text("utf-8"):
        wrong.append("NOTICE is niet van deze wielen; draai: make notice")
    for fault in wrong:
        print(fault, file=sys.stderr)
    if wrong:
        return 1
    system = f"-{platform.system().lower()}-{_python_here()}" if options.hier else ""
    path = ROOT / "dist" / f"BDuR-{__version__}{system}.zip"
    content = zipped(parts(wheels, for_windows=not options.hier))
    _write(path, content)
    _write(path.with_name(f"{path.name}.sha256"), f"{_digest(content)}  {path.name}\n".encode())
    print(f"{path.relative_to(ROOT)}: {len(wheels)} wielen, {len(content) / 1e6:.0f} MB")
    return 0


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    raise SystemExit(main())
