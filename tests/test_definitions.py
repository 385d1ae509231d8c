"""Pool definitions: what is read, what is refused and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.definitions import IsolateDefinition, PoolDefinition, create_isolate, definition_of, read_definition
from inspector.errors import UsageError
from inspector.pool import Pool
from inspector.states import Capability
from tests.fixtures.engines import lacks


def written(folder: Path, whole: object) -> Path:
    path = folder / "pool.json"
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("isolates", "said"),
    [
        ([{"name": "a", "memory": 1}], "unknown field `memory` - at `$.isolates[0]`"),
        ([{"name": "a"}, {"name": "a"}], '"a" is in use'),
        ([{"name": "a"}, {"name": "b", "memory_limit": "64"}], "at `$.isolates[1]`"),
        ([{"name": "a", "memory_limit": 64}], "Expected `str`, got `int` - at `$.isolates[0].memory_limit`"),
        ([{"name": "a", "cpu_limit": "soon"}], "soon"),
        ([{"name": "a", "host": "mine"}], "Invalid enum value 'mine' - at `$.isolates[0].host`"),
        ([{"name": "a", "prelude": ["setup.js"]}], 'begins neither with "web" nor with "bare"'),
        ([{"name": "a", "sample_rate_hz": 0}], "outside 1 to 100"),
        ([{"name": "\u202ea"}], "can't be shown"),
        ([], "0 isolates"),
    ],
)
def test_what_can_not_be_is_refused_with_its_place(tmp_path: Path, isolates: object, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_definition(written(tmp_path, {"version": 1, "isolates": isolates}))
    assert said in str(refused.value) and "pool.json" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "[1, 2", '{"version": 2, "isolates": [{"name": "a"}]}', "\xff", '{"isolates": []}']
)
def test_what_is_no_definition_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"pool\.json"):
        read_definition(written(tmp_path, text))
    with pytest.raises(UsageError):
        read_definition(tmp_path)  # a folder


async def test_an_isolate_is_the_same_when_its_definition_is_opened(tmp_path: Path) -> None:
    (tmp_path / "setup.js").write_text("globalThis.ready = 41", encoding="utf-8")
    cpu_limit = "" if lacks(Capability.CPU_LIMIT) else "2s"
    asked = IsolateDefinition(
        "a", "64 MiB", cpu_limit, "own", "replace", 10, ("bare", "setup.js"), ("sub/work.js", "../else.js")
    )
    path = written(tmp_path, PoolDefinition(1, (asked,)).text())
    (found,) = read_definition(path).isolates
    assert found == asked and found.runs_at_birth
    async with Pool() as pool:
        isolate = await create_isolate(pool, found, tmp_path)
        assert (await isolate.evaluate("ready + 1")).value == 42
        files = [tmp_path / "sub" / "work.js", tmp_path.parent / "else.js"]
        again = definition_of(isolate.settings, files, tmp_path)
    assert again == IsolateDefinition(
        "a", "64 MiB", cpu_limit, "own", "replace", 10, ("bare", "setup.js"), ("sub/work.js", str(files[1]))
    )
