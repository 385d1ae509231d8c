"""What the README names is there: files, make targets, verbs with their options, exit codes."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from inspector.cli.exit_codes import ExitCode
from tests.packaging.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.search(r"## Command line\n+```sh\n(.*?)```", README, re.DOTALL)


def test_every_file_it_links_to_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r'(?:src|srcset)="([^":]+)"', README)
    assert len(links) >= 4
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_every_make_target_it_names_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "test", "check"} <= named
    assert [target for target in sorted(named) if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_its_exit_codes_are_the_programs():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode if code not in (ExitCode.BROKEN_PIPE, ExitCode.TERMINATED)}


@pytest.mark.parametrize("verb", ["run", "doctor", "contain"])
def test_every_option_it_names_is_one_of_the_verb(verb):
    assert COMMANDS is not None
    lines = re.sub(r"\n +", " ", COMMANDS.group(1)).splitlines()
    (line,) = [one for one in lines if one.startswith(f"isolate-inspector {verb} ")]
    command = [sys.executable, "-m", "inspector.cli.main", verb, "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    options = re.findall(r"--[a-z-]+", line)
    assert options
    assert [option for option in options if f"{option} " not in told and f"{option}\n" not in told] == []


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "constraints.txt"])
def test_no_file_names_a_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"/(?:home|root|opt|tmp|work|Users)/\S*", text) == []
