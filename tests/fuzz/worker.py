"""The process that atheris runs: one target, until something breaks."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bdur_xl"]):
    from fuzz.targets import TARGETS

from fuzz.collect import collected
from fuzz.packages import mutated


def main() -> None:
    """Fuzz the target named first; then come the folder to keep inputs in, and libFuzzer's options."""
    _, name, keep, *options = sys.argv
    target = TARGETS[name]
    for number, seed in enumerate((*target.seeds(), *collected(name))):
        (Path(keep) / f"seed-{number}").write_bytes(seed)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return mutated(data, most, seed, atheris.Mutate)

    own = {"custom_mutator": mutate} if target.is_package else {}
    atheris.Setup([sys.argv[0], keep, *options], target.check, **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
