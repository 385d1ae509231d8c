"""Messages between scripts of two isolates: round trips, and a burst one way; beside worker threads of Node.

Run it with `python -m tests.benchmarks.channels`. Node's MessagePort hands a message from thread to thread; ours goes
through the pool, which logs it. Both take turns, ROUNDS times.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import time
from pathlib import Path

from inspector.pool import Context, Pool

ROUNDS, TRIPS, BURST = 7, 300, 900
SCRIPT = Path(__file__).parent / "scripts" / "channels.cjs"
ASKS = f"""new Promise((resolve) => {{
  let trips = 0;
  port.onmessage = () => {{ trips += 1; if (trips < {TRIPS}) port.postMessage(trips); else resolve(trips) }};
  port.postMessage(0);
}})"""
SENDS = f"""new Promise((resolve) => {{
  port.onmessage = () => resolve(1);
  for (let number = 1; number <= {BURST}; number += 1) port.postMessage(number);
}})"""
COUNTS = f"port.onmessage = ({{ data }}) => {{ if (data === {BURST}) port.postMessage('all') }}; 0"


async def timed(context: Context, source: str, messages: int) -> float:
    """Microseconds a message."""
    began = time.perf_counter()
    await context.evaluate(source)
    return (time.perf_counter() - began) * 1e6 / messages


async def node() -> list[float] | None:
    """(round trip, a message of a burst) in us; None without Node."""
    if shutil.which("node") is None:
        return None
    arguments = ("node", str(SCRIPT), str(TRIPS), str(BURST))
    child = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    return [float(figure) for figure in json.loads(out)]


async def main() -> None:
    figures: dict[str, list[float]] = {"round trip": [], "message of a burst": []}
    theirs: dict[str, list[float]] = {"round trip": [], "message of a burst": []}
    async with Pool(engine="native") as pool:
        first, second = [(await pool.create_isolate()).default_context for _ in range(2)]
        await first.open_channel(second)
        for _ in range(ROUNDS):
            await second.evaluate("port.onmessage = ({ data }) => port.postMessage(data); 0")
            figures["round trip"].append(await timed(first, ASKS, TRIPS))
            await second.evaluate(COUNTS)
            figures["message of a burst"].append(await timed(first, SENDS, BURST))
            told = await node()
            for name, figure in zip(theirs, told or (), strict=False):
                theirs[name].append(figure)
    for name, ours in figures.items():
        line: dict[str, object] = {
            "name": f"channel: {name}",
            "ours_us": round(statistics.median(ours), 1),
            "n": ROUNDS,
        }
        if theirs[name]:
            line["node_us"] = round(statistics.median(theirs[name]), 1)
            line["ratio"] = round(statistics.median(ours) / statistics.median(theirs[name]), 1)
        else:
            line["peer"] = "node is not installed"
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
