"""The choice of an engine: the self-test in a child, its verdict in the cache."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.engine import choice
from inspector.engine.port import EngineRefused
from inspector.errors import UsageError
from inspector.states import Capability


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test's own."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return choice._cache_file()


def test_self_test_decides_and_is_remembered(cache: Path) -> None:
    first = choice.choose()
    assert first.name in choice.ENGINES and first.reason and first.v8_version != "unknown"
    assert cache.exists()
    began = time.perf_counter()
    assert choice.choose() == first
    assert time.perf_counter() - began < 0.1  # a child would take longer; the goal of 5 ms is a benchmark's
    assert set(first.capabilities) == set(choice.ENGINES)
    assert all(set(known) == set(Capability) for known in first.capabilities.values())


def test_fast_path_loads_nothing(cache: Path) -> None:
    choice._remember(choice.find(), choice.Verdict("", "1.2"))
    program = (
        "import sys; from inspector.engine.choice import choose; choose();"
        "print([name for name in ('ctypes', 'py_mini_racer', 'inspector.engine.native.engine') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"


def test_forget(cache: Path) -> None:
    choice._remember(choice.find(), choice.Verdict("", "1.2"))
    assert cache.exists()
    choice.forget()
    choice.forget()
    assert not cache.exists()


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"key": 1}', '{"key": "other", "verdict": {}}'])
def test_broken_cache_is_void(cache: Path, text: str) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text(text)
    assert choice._cached(choice.find()) is None


def test_refusal_names_the_check(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(choice.ENGINE_VARIABLE, raising=False)
    choice._remember(choice.find(), choice.Verdict('check "x" failed', "1.2"))
    with pytest.raises(EngineRefused, match="--engine portable") as refused:
        choice.choose("native")
    assert 'check "x" failed' in str(refused.value)
    chosen = choice.choose()
    assert chosen.name == "portable" and 'check "x" failed' in chosen.reason
    assert all(chosen.capabilities["native"].values())
    assert choice.choose("portable").reason == "asked for"
    monkeypatch.setenv(choice.ENGINE_VARIABLE, "portable")
    assert choice.choose().reason == "asked for by ISOLATE_INSPECTOR_ENGINE"
    monkeypatch.setenv(choice.ENGINE_VARIABLE, "quick")
    with pytest.raises(UsageError, match="quick"):
        choice.choose()


def test_unknown_engine() -> None:
    with pytest.raises(UsageError, match="native or portable"):
        choice.choose("quick")
    with pytest.raises(UsageError):
        choice.make_engine("quick")


def test_verdict_of_a_child_that_died() -> None:
    version = f"{choice.RESULT_PREFIX}{json.dumps({'v8_version': '1.2'})}\n"
    verdict = choice._read_verdict(f"[1:0x0] trace\n{version}", -11)
    assert verdict.v8_version == "1.2" and "SIGSEGV" in verdict.failure
    assert "no verdict" in choice._read_verdict(version, 3).failure


def test_child_command(monkeypatch: pytest.MonkeyPatch) -> None:
    program, option, code, argument = choice.child_command("inspector.host", "a")
    assert (program, option, argument) == (sys.executable, "-c", "a") and "from inspector.host.main import main" in code
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert choice.child_command("inspector.host") == [sys.executable, "--child", "inspector.host"]
    for words in (["--child", "os"], []):
        choice.serve_child(words)  # none of them: nothing happens
