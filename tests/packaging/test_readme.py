"""What the README names is there: files, make targets, verbs with their options, exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.exit_codes import ExitCode
from inspector.states import Capability
from tests.fixtures.engines import lacks
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


def examples() -> list[str]:
    """The Python of the README that uses the library: whole programs."""
    blocks: list[str] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    return [block for block in blocks if "from inspector" in block]


def in_python(command: list[str], folder: Path, **more: Any) -> list[str]:
    """What a program prints, line by line; it must end by itself, and well."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
        **more,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_its_examples_run(tmp_path):
    first, second = examples()
    assert in_python(["-c", first], tmp_path) == ["[1, 4, 9]"]
    if lacks(Capability.CONTEXTS, Capability.COMPILE, Capability.MODULES, Capability.HEAP_SNAPSHOT):
        return
    lines = in_python(["-c", second], tmp_path)
    assert lines[:5] == ["6", "[1, 2, 3]", "{'rate': 0.5}", "42", "one"] and lines[-1] == "True"
    assert lines[5:7] == ["2", "8"] and "TypeError" in lines[7] and "limit 0.2 s" in lines[8] and "bundle" in lines[9]
    assert json.loads((tmp_path / "worker.heapsnapshot").read_bytes())["snapshot"]


def test_its_first_lines_work_in_a_repl_and_in_another_threads_loop(tmp_path):
    typed = "from inspector import Pool\npool = Pool()\nawait pool.open()\nisolate = await pool.create_isolate()\n"
    typed += "print('gave', await isolate.default_context.evaluate('1 + 1'))\nawait pool.close()\nexit()\n"
    assert any(line.endswith("gave 2") for line in in_python(["-m", "asyncio"], tmp_path, input=typed))
    in_a_thread = (
        "import threading\nthread = threading.Thread(target=lambda: asyncio.run(main()))\nthread.start()\nthread.join()"
    )
    threaded = examples()[0].replace("asyncio.run(main())", in_a_thread)
    assert in_python(["-c", threaded], tmp_path) == ["[1, 4, 9]"]


def test_a_pool_that_is_never_closed_holds_up_no_exit(tmp_path):
    forgotten = examples()[0].replace(
        "async with Pool() as pool:", "pool = Pool()\n    await pool.open()\n    if True:"
    )
    assert in_python(["-c", forgotten], tmp_path) == ["[1, 4, 9]"]


def test_every_name_of_isolated_vm_has_its_line():
    table = (ROOT / "docs" / "isolated-vm.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[A-Za-z_]+", " ".join(re.findall(r"^(?:\| ([^|]+) \||## .*)", table, re.MULTILINE))))
    named |= set(re.findall(r"\w+", " ".join(re.findall(r"^## (.*)$", table, re.MULTILINE))))
    names = (ROOT / "tests" / "data" / "isolated-vm-names.txt").read_text(encoding="utf-8").split()
    assert len(names) > 100 and [name for name in names if name not in named] == []
