"""See a finding again, without atheris: `cd tests && python -m fuzz.again TARGET FILE ...`."""

import sys
from pathlib import Path

from fuzz.targets import TARGETS

if __name__ == "__main__":
    for path in sys.argv[2:]:
        TARGETS[sys.argv[1]].check(Path(path).read_bytes())
