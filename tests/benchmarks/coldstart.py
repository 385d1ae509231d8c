"""Cold starts of a small script. Run it with `python -m tests.benchmarks.coldstart`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from inspector.coldstart import VariantFigures, measure

ROUNDS = 30
SCRIPT = Path(__file__).parent / "scripts" / "cold.js"


def main() -> None:
    result = asyncio.run(measure(SCRIPT, rounds=ROUNDS))
    for one in result.variants:
        print(json.dumps(_line(one) | {"machine": result.machine}), flush=True)


def _line(one: VariantFigures) -> dict[str, object]:
    if one.total_ms is None:
        return {"name": one.variant.title, "ours": None, "why": one.unavailable, "n": 0}
    return {
        "name": f"{one.variant.title}, ms",
        "ours": round(one.total_ms.median, 3),
        "p95": round(one.total_ms.p95, 3),
        "memory_bytes": one.memory_bytes,
        "ratio": None if one.ratio is None else round(one.ratio, 3),
        "n": one.n,
    }


if __name__ == "__main__":
    main()
