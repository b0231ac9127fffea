"""Fixtures for all tests. No test reaches a network, and none has an unexpected error go by unseen."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bdur_xl.files.plan_csv import read_folder
from bdur_xl.model import Inputs
from bdur_xl.overview import Overview, overview
from bdur_xl.parse import parse_inputs

settings.register_profile("bdur", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bdur")  # no test measures time

LOGS = Path(tempfile.mkdtemp(prefix="bdur-log-"))
os.environ.update(XDG_STATE_HOME=str(LOGS), LOCALAPPDATA=str(LOGS))  # also for programs that a test starts

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NetworkRefusedError(Exception):
    """A test, or what it tests, reaches for a network; not an OSError, which the product may handle."""


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every address beyond this machine. Source: Python's table of audit events."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path or none: a socket of this machine
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host and host not in LOOPBACK:
        raise NetworkRefusedError(f"{event} {host}")


sys.addaudithook(refuse_network)

PLAN = Path(__file__).parents[1] / "workbook" / "plan"


@pytest.fixture(scope="session")
def real_inputs() -> Inputs:
    """The plan of the memo, from its CSV files."""
    raw, missing = read_folder(PLAN)
    inputs, found = parse_inputs(raw)
    assert [*missing, *found] == []
    return inputs


@pytest.fixture(scope="session")
def real(real_inputs: Inputs) -> Overview:
    """Every figure of the memo's plan."""
    return overview(real_inputs)


class ErrorLog:
    """The log of unexpected errors, while one test runs."""

    path = LOGS / "bdur_xl" / "fouten.log"

    def __init__(self) -> None:
        self.expected = False

    def lines(self) -> list[dict[str, Any]]:
        """Return what was logged so far; who asks expects errors."""
        self.expected = True
        text = self.path.read_text("utf-8") if self.path.exists() else ""
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def error_log() -> Iterator[ErrorLog]:
    """Fail a test in which an unexpected error was logged, and so swallowed, without its asking."""
    log = ErrorLog()
    yield log
    text = log.path.read_text("utf-8") if log.path.exists() else ""
    log.path.unlink(missing_ok=True)
    if text and not log.expected:
        pytest.fail(f"an unexpected error was swallowed: {text}")
