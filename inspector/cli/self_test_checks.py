"""The checks of `--self-test`, in order; each makes what it needs in one pool and says in words what it saw."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

import resources
from inspector.engine.child import child_command
from inspector.errors import InspectorError, UnsupportedError
from inspector.events import Event, SampleBatchArrived
from inspector.pool import Isolate, Pool
from inspector.sources import read_source
from inspector.states import Outcome
from inspector.units import format_bytes
from inspector.wire import SAMPLE, SAMPLE_WORDS

__all__ = ["CHECKS", "Finding", "run_checks", "window_paints"]

_PATIENCE_S = 60.0  # of each check; a cold start on a busy machine takes a few seconds
_HEAP_USED = 4 + SAMPLE_WORDS.index("used_bytes")  # behind isolate, mode and two times
_ENDLESS = "contain/endless-loop.js"
_TIMEOUT_S = 0.3


class Finding(Struct, frozen=True):
    """What a check found. `lacking`: the engine says that it can't, which is no failure."""

    name: str
    words: str
    ms: float
    failed: bool = False
    lacking: bool = False


class Wrong(Exception):
    """A check saw something else than it must."""


class Bench:
    """What the checks share: one pool, its events, two isolates, an empty folder."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self.pool = Pool(engine=engine)
        self.heap_used: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.pool.subscribe(self._hear)
        self._isolate: Isolate | None = None

    async def isolate(self) -> Isolate:
        if self._isolate is None:
            self._isolate = await self.pool.create_isolate(name="self-test", memory_limit="64 MiB")
        return self._isolate

    def _hear(self, event: Event) -> None:
        if isinstance(event, SampleBatchArrived) and not self.heap_used.done():
            self.heap_used.set_result(int(SAMPLE.unpack_from(event.records)[_HEAP_USED]))


Check = Callable[[Bench], Awaitable[str]]


async def run_checks(checks: Sequence[Check], engine: str, tell: Callable[[Finding], None]) -> list[Finding]:
    """Run them all, also after one failed; `tell` hears each finding at once."""
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="isolate-inspector-self-test-") as folder:
        bench = Bench(engine, Path(folder))
        try:
            for check in checks:
                findings.append(await _run(check, bench))
                tell(findings[-1])
        finally:
            await bench.pool.close()
    return findings


async def _run(check: Check, bench: Bench) -> Finding:
    name = (check.__doc__ or "").strip().rstrip(".")
    began = time.perf_counter()
    failed = lacking = False
    try:
        async with asyncio.timeout(_PATIENCE_S):
            words = await check(bench)
    except UnsupportedError as error:
        words, lacking = error.cause, True
    except TimeoutError:
        words, failed = f"not done within {_PATIENCE_S:g} s", True
    except (Wrong, InspectorError, OSError) as error:
        words, failed = str(error), True
    except Exception as error:  # whatever it is, the next checks run, and the table says it
        words, failed = f"{type(error).__name__}: {error}", True
    return Finding(name, words, (time.perf_counter() - began) * 1e3, failed, lacking)


async def engine_chosen(bench: Bench) -> str:
    """Engine."""
    await bench.pool.open()
    choice = bench.pool.engine_choice
    return f"{choice.name}, V8 {choice.v8_version}: {choice.reason}"


async def host_starts(bench: Bench) -> str:
    """Host process."""
    await bench.pool.warm_up()
    (host,) = bench.pool.hosts.values()
    if host.started is None:
        raise Wrong("it did not say hello")
    can = sum(not reason for reason in host.started.capabilities.values())
    standing = sum(not reason for reason in host.started.walls.values())
    return (
        f"process {host.started.pid}, {can} of {len(host.started.capabilities)} capabilities, "
        f"{standing} of {len(host.started.walls)} walls stand"
    )


async def evaluates(bench: Bench) -> str:
    """1 + 1."""
    report = await (await bench.isolate()).evaluate("1 + 1")
    if report.outcome is not Outcome.COMPLETED or report.preview != "2":
        raise Wrong(f"{report.outcome}: {report.preview}")
    return "2"


async def contexts_apart(bench: Bench) -> str:
    """A second context."""
    isolate = await bench.isolate()
    context = await isolate.create_context("second")
    await isolate.evaluate("globalThis.mark = 1")
    seen = await isolate.evaluate("typeof mark", context_id=context.context_id)
    await isolate.release_context(context.context_id)
    if "undefined" not in seen.preview:
        raise Wrong(f"it sees a global of the first: {seen.preview}")
    return "its globals are its own"


async def value_is_copied(bench: Bench) -> str:
    """A copy between isolates."""
    isolate = await bench.isolate()
    other = await bench.pool.create_isolate(name="self-test 2", memory_limit="64 MiB")
    try:
        taken = await (
            await isolate.values.reference("({ list: [1, 2n, 'é'], map: new Map([['a', new Date(7)]]) })")
        ).copy()
        await taken.into(other.context(None), name="arrived")
        seen = await other.evaluate("arrived.list[1] === 2n && arrived.list[2] === 'é' && +arrived.map.get('a') === 7")
    finally:
        await other.dispose()
    if seen.preview != "true":
        raise Wrong(f"it is another value than it was: {seen.preview}")
    return f"{taken.size} bytes, and the same on the other side"


async def loop_is_stopped(bench: Bench) -> str:
    """An endless loop."""
    isolate = await bench.isolate()
    report = await isolate.run(read_source(resources.path(_ENDLESS)), timeout_s=_TIMEOUT_S)
    if report.outcome is not Outcome.TIMED_OUT:
        raise Wrong(f"its outcome is {report.outcome}")
    after = await isolate.evaluate("40 + 2")
    if after.preview != "42":
        raise Wrong(f"the isolate does not answer afterwards: {after.outcome}")
    return "ended by its timeout, and the isolate answers"


async def heap_is_sampled(bench: Bench) -> str:
    """A heap sample."""
    await bench.isolate()
    used = await bench.heap_used
    if not used:
        raise Wrong("it says that nothing is used")
    return f"{format_bytes(used)} used"


async def recording_is_read(bench: Bench) -> str:
    """A recording."""
    from inspector.recording.options import Preset, RecordOptions
    from inspector.recording.recorder import Recorder
    from inspector.recording.session import Session

    isolate = await bench.isolate()
    path = bench.folder / "self-test.isosession"
    recorder = Recorder(bench.pool, path, RecordOptions(Preset.BASIC))
    await recorder.start()
    recorder.mark("self-test")
    await isolate.evaluate("'recorded'")
    finished = await recorder.close()
    if finished.trouble:
        raise Wrong(finished.trouble)
    with Session.open(path) as session:
        if session.notices:
            raise Wrong(" ".join(session.notices))
    return f"{finished.events} events written and read, {format_bytes(path.stat().st_size)}"


async def window_paints(bench: Bench) -> str:
    """The window."""
    process = await asyncio.create_subprocess_exec(
        *child_command("ui.self_test", bench.engine),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, complaints = await process.communicate()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    try:
        told = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        last = complaints.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Wrong(f"it ended with exit code {process.returncode}: {' '.join(last) or 'no words'}") from None
    if told["trouble"]:
        raise Wrong(told["trouble"])
    return str(told["words"])


CHECKS: tuple[Check, ...] = (
    engine_chosen,
    host_starts,
    evaluates,
    contexts_apart,
    value_is_copied,
    loop_is_stopped,
    heap_is_sampled,
    recording_is_read,
)
