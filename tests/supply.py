"""The supply chain by command: an audit of the lock files, and a list of what the product runs on.

    python tests/supply.py audit    known vulnerabilities; asks a service on the network
    python tests/supply.py sbom     dist/bdur_xl.cdx.json, CycloneDX; fetches wheels for their licences

Both are steps of a release. The lock files hold every system and Python version at once.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from typing import NamedTuple

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bdur_xl

ROOT = Path(__file__).parents[1]
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
SBOM = ROOT / "dist" / "bdur_xl.cdx.json"
DIRECT: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
PROGRAMS = Path(sys.executable).parent

SYSTEMS = ("linux", "macos", "windows")
OLDEST, NEWEST = "3.11", "3.13"
"""The Pythons between which the lock is proven to install."""

BUILD_ONLY = "setuptools"
"""Locked to install the product with; nothing of it runs later."""

OF_THE_MOMENT = ("serialNumber", "timestamp")
"""What the library adds to every bill and CycloneDX does not ask for."""

ENTRY = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<hashes>(?: \\\n +--hash=\S+)+)$",
    re.MULTILINE,
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


class Locked(NamedTuple):
    """One package of a lock file."""

    name: str
    version: str
    marker: str | None
    """Where it is used; None is everywhere."""
    hashes: tuple[str, ...]

    @property
    def is_used_here(self) -> bool:
        """Tell whether this system and Python use it."""
        return self.marker is None or Marker(self.marker).evaluate()


def locked(path: Path) -> list[Locked]:
    """Return what a lock file pins. Raises ValueError for a line that is none of it."""
    text = re.sub(r"^ *#.*\n?", "", path.read_text("utf-8"), flags=re.MULTILINE)
    found = [
        Locked(one["name"], one["version"], one["marker"], tuple(HASH.findall(one["hashes"])))
        for one in ENTRY.finditer(text)
    ]
    if left := ENTRY.sub("", text).strip():
        raise ValueError(f"{path.name}: {left.splitlines()[0]}")
    return found


def pins(entries: Sequence[Locked]) -> Iterator[str]:
    """Yield requirement files without markers that together name every version once per file."""
    todo = dict.fromkeys(f"{one.name}=={one.version}" for one in entries)
    while todo:
        by_name = {pin.partition("==")[0]: pin for pin in todo}
        yield "\n".join(by_name.values()) + "\n"
        for pin in by_name.values():
            del todo[pin]


def audit(options: Sequence[str] = ()) -> int:
    """Ask a service for known vulnerabilities of everything locked; 0 only when all could be asked.

    `options` are those of pip-audit. Every system counts, also the ones this is not.
    """
    worst = 0
    for path in (RUNTIME, DEVELOPMENT):
        for text in pins(locked(path)):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / path.with_suffix(".txt").name
                file.write_text(text, "utf-8")
                command = [PROGRAMS / "pip-audit", "--strict", "--disable-pip", "--no-deps",
                           "--progress-spinner", "off", "--requirement", file, *options]  # fmt: skip
                print(f"{path.name}: {len(text.splitlines())} pakketten", flush=True)
                worst = max(worst, abs(subprocess.run([*map(str, command)], check=False).returncode))
    if worst:
        print("De audit vond kwetsbaarheden, of kon niet alles navragen: geef zo niets uit.", file=sys.stderr)
    return worst


def installed(folder: Path) -> dict[str, Distribution]:
    """Install the runtime lock for every system and Python, by hash, and return what is in each package.

    Raises CalledProcessError when some system or Python cannot have the lock.
    """
    found: dict[str, Distribution] = {}
    for system in SYSTEMS:
        for python in (OLDEST, NEWEST):
            target = folder / f"{system}-{python}"
            command = [PROGRAMS / "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes",
                       "--only-binary", ":all:", "--python-platform", system, "--python-version", python,
                       "--target", target, "--requirement", RUNTIME]  # fmt: skip
            subprocess.run([*map(str, command)], check=True)
            for path in target.glob("*.dist-info"):
                one = PathDistribution(path)
                found[f"{canonicalize_name(one.metadata['Name'])}=={one.version}"] = one
    return found


def licence(package: Distribution) -> str:
    """Return the licence that a package states: an SPDX expression, a classifier, or its first words."""
    stated = package.metadata.get_all("License-Expression") or [
        one.rpartition(" :: ")[2]
        for one in package.metadata.get_all("Classifier") or []
        if one.startswith("License ::") and not one.endswith("OSI Approved")
    ]
    named = stated or [one.partition("\n")[0] for one in package.metadata.get_all("License") or []]
    return " / ".join(filter(None, named)) or "niet vermeld"


def component(one: Locked, package: Distribution) -> Component:
    """Return a locked package with its licence and hashes."""
    return Component(
        type=ComponentType.LIBRARY,
        name=one.name,
        version=one.version,
        bom_ref=f"{one.name}=={one.version}",
        purl=PackageURL("pypi", name=one.name, version=one.version),
        scope=ComponentScope.EXCLUDED if one.name == BUILD_ONLY else ComponentScope.REQUIRED,
        licenses=[LicenseFactory().make_from_string(licence(package))],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.hashes],
        description=f"alleen waar {one.marker}" if one.marker else None,
    )


def bill(packages: Mapping[str, Distribution]) -> str:
    """Return the bill of materials; the same for the same lock, whenever and wherever it is made."""
    product = Component(
        type=ComponentType.APPLICATION, name="bdur_xl", version=bdur_xl.__version__, bom_ref="bdur_xl"
    )
    listed = {component(one, packages[f"{one.name}=={one.version}"]): one for one in locked(RUNTIME)}
    bom = Bom(components=listed)
    bom.metadata.component = product
    direct = {Requirement(text).name.lower() for text in DIRECT}
    bom.register_dependency(product, [one for one in listed if one.name in direct])
    for one in listed:
        asked = packages[f"{one.name}=={one.version}"].requires or []
        names = {canonicalize_name(each.name) for each in map(Requirement, asked) if not _is_extra(each)}
        bom.register_dependency(one, [other for other in listed if other.name in names])
    told = json.loads(JsonV1Dot6(bom).output_as_string())
    for part in (told, told["metadata"]):
        for name in OF_THE_MOMENT:
            part.pop(name, None)
    return json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _is_extra(asked: Requirement) -> bool:
    return "extra" in str(asked.marker or "")


def main() -> int:
    """Run the step that is asked for."""
    parser = argparse.ArgumentParser(prog="python tests/supply.py", description="De toeleveringsketen.")
    parser.add_argument("step", choices=("audit", "sbom"))
    if parser.parse_args().step == "audit":
        return audit()
    with tempfile.TemporaryDirectory() as folder:
        text = bill(installed(Path(folder)))
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(text, "utf-8")
    print(f"{SBOM.relative_to(ROOT)}: {len(locked(RUNTIME))} pakketten")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
