"""How long one script takes from nothing to its end: in a fresh context, isolate, host process, and in Node.

records.py    what is measured, as values
variants.py   ours, through the pool
node.py       a Worker and `node FILE`, where Node is installed
measure.py    the rounds, interleaved
summary.py    medians, percentiles, ratios
"""

from inspector.coldstart.measure import measure
from inspector.coldstart.records import ColdStart, Figure, Round, Variant, VariantFigures

__all__ = ["ColdStart", "Figure", "Round", "Variant", "VariantFigures", "measure"]
