"""LibreOffice on this computer: its version, its Python, and our extension for the current user.

What is there is read from LibreOffice's own files, so looking starts nothing and makes no profile.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlparse

from defusedxml import ElementTree

from bdur_xl.book import BookError
from bdur_xl.files.pdf import environment, libreoffice

IDENTIFIER = "nl.bdur.calc"
FILE = "BDuR.oxt"
PATIENCE = 180
"""Seconds that unopkg may take."""

_PACKAGES = Path("user") / "uno_packages" / "cache"
_REGISTRY = _PACKAGES / "registry"
_BUNDLES = _REGISTRY / "com.sun.star.comp.deployment.bundle.PackageRegistryBackend" / "backenddb.xml"
_CACHE_MARK = "vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/"
_REGISTERED = "{http://openoffice.org/extensionmanager/extension-registry/2010}extension"
_DESCRIPTION = "{http://openoffice.org/extensions/description/2006}"


class ExtensionError(BookError):
    """An extension that LibreOffice does not take: why, and what to do."""


def profile(system: str, home: Path, variables: Mapping[str, str]) -> Path:
    """Return where LibreOffice keeps what is of the current user."""
    if told := variables.get("UserInstallation"):
        path = unquote(urlparse(told).path)
        return Path(path.removeprefix("/") if re.match(r"/[A-Za-z]:", path) else path)
    if system == "windows":
        roaming = variables.get("APPDATA")
        return (Path(roaming) if roaming else home / "AppData" / "Roaming") / "LibreOffice" / "4"
    if system == "mac":
        return home / "Library" / "Application Support" / "LibreOffice" / "4"
    settings = variables.get("XDG_CONFIG_HOME")
    return (Path(settings) if settings else home / ".config") / "libreoffice" / "4"


def registered(user: Path) -> str | None:
    """Return the version of our extension in a profile; None when it is not there."""
    bundles = user / _BUNDLES
    try:
        found = ElementTree.fromstring(bundles.read_bytes())
    except (OSError, ElementTree.ParseError):
        return None
    for one in found.iter(_REGISTERED):
        url = one.get("url", "")
        if url.startswith(_CACHE_MARK) and one.get("revoked") != "true":
            folder = user / _PACKAGES / unquote(url.removeprefix(_CACHE_MARK))
            if version := _version_in(folder / "description.xml"):
                return version
    return None


def _version_in(description: Path) -> str | None:
    try:
        root = ElementTree.fromstring(description.read_bytes())
    except (OSError, ElementTree.ParseError):
        return None
    identifier, version = (root.find(f"{_DESCRIPTION}{tag}") for tag in ("identifier", "version"))
    if identifier is None or version is None or identifier.get("value") != IDENTIFIER:
        return None
    return str(version.get("value"))


def program_folder(office: Path) -> Path:
    """Return the folder with LibreOffice's programs: where `soffice` really stands."""
    return office.resolve().parent


def office_version(office: Path) -> str | None:
    """Return LibreOffice's version, as far as its own files tell: "7.4", or "25.8.1.1"."""
    for name in ("versionrc", "version.ini", "bootstraprc", "bootstrap.ini"):
        for folder in (program_folder(office), program_folder(office).parent / "Resources"):
            if found := _told(folder / name, r"(?:MsiProductVersion|ProductKey)=(?:\w+ )?([\d.]+)"):
                return found
    return None


def _told(path: Path, pattern: str) -> str | None:
    try:
        found = re.search(pattern, path.read_text("utf-8", "replace"))
    except OSError:
        return None
    return found[1] if found else None


def office_python(office: Path, system_python: Path = Path("/usr/bin/python3")) -> str | None:
    """Return the version of LibreOffice's own Python; a distribution's office uses the system's."""
    folder = program_folder(office)
    framework = folder.parent / "Frameworks" / "LibreOfficePython.framework" / "Versions"
    own = [*folder.glob("python-core-*"), *framework.glob("3.*")]
    versions = [found[0] for path in own if (found := re.search(r"3\.\d+(\.\d+)?$", path.name))]
    if versions:
        return max(versions, key=lambda text: [int(part) for part in text.split(".")])
    found = re.search(r"3\.\d+$", system_python.resolve().name)
    return found[0] if found else None


def register(extension: bytes) -> list[str]:
    """Add the extension for the current user, in place of an older one. Raises ExtensionError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_bytes(extension)
        _unopkg("add", "--force", str(path))
    return [
        f"De extensie {FILE} is voor u aangemeld bij LibreOffice.",
        "Start LibreOffice opnieuw als het open is.",
    ]


def unregister() -> list[str]:
    """Remove the extension for the current user. Raises ExtensionError."""
    said = _unopkg("remove", IDENTIFIER, absent="no such extension")
    if said is None:
        return [f"LibreOffice had de extensie {FILE} niet; er is niets gewijzigd"]
    return [f"De extensie {FILE} is bij LibreOffice verwijderd."]


def _unopkg(*arguments: str, absent: str = "") -> str | None:
    """Run LibreOffice's extension manager and return what it said; None when it said `absent`."""
    program = next(_programs(), None)
    if program is None:
        raise ExtensionError(
            "LibreOffice is niet gevonden op deze computer",
            "Installeer LibreOffice 25.8 of nieuwer, en voer de opdracht opnieuw uit.",
        )
    try:
        done = subprocess.run(  # noqa: S603  # a list of arguments, no shell
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(),
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ExtensionError(
            f"{program} start niet of duurt te lang", "Sluit LibreOffice en voer de opdracht opnieuw uit."
        ) from error
    said = done.stdout.decode("utf-8", "replace")
    if absent and absent in said:
        return None
    if done.returncode:
        raise ExtensionError(*_refusal(said))
    return said


def _programs() -> Iterator[Path]:
    office = libreoffice()
    if office is not None:
        folder = program_folder(office)
        names = ("unopkg.com", "unopkg.exe") if os.name == "nt" else ("unopkg",)
        yield from (folder / name for name in names if (folder / name).is_file())


def _refusal(said: str) -> tuple[str, str]:
    if "as root" in said:
        return "LibreOffice meldt geen extensie aan voor root", "Voer de opdracht uit als gewone gebruiker."
    if "vraagt Python" in said:
        return (
            "De Python van deze LibreOffice is te oud",
            "Installeer LibreOffice 25.8 of nieuwer; bdur gezond zegt welke versie er nu staat.",
        )
    *_, last = (
        "zonder reden",
        *(line.strip() for line in said.splitlines() if line.strip() and "unopkg failed" not in line),
    )
    return (
        f"LibreOffice weigert de extensie ({last})",
        "Sluit LibreOffice, ook het pictogram bij de klok, en voer de opdracht opnieuw uit.",
    )
