"""CPU profiles: what is read is what was sampled, and every view of a range has one total."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis import number_lists
from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.cpuprofile import profile_of, read_cpuprofile
from inspector.analysis.difference import differ
from inspector.analysis.functions import functions
from inspector.analysis.groups import Group, above, below, bottom_level, callees, callers, top_level
from inspector.analysis.heap_profile import read_heapprofile
from inspector.analysis.joining import joined
from inspector.analysis.lines import line_times
from inspector.errors import FormatError
from tests.analysis.made import cpuprofile

STACKS = ["main alpha", "main alpha fib", "main alpha fib fib", "main beta", "(idle)", "main", "beta alpha"]


def named(profile: CpuProfile, groups: list[Group]) -> dict[str, float]:
    return {profile.tree.frames[one.frame].name: one.total for one in groups}


def test_a_sample_counts_until_the_next_one() -> None:
    raw = cpuprofile(["main", "main alpha", "main"])
    raw["timeDeltas"] = [100, 250, 4000]
    raw["endTime"] = raw["startTime"] + 4350 + 7
    profile = read_cpuprofile(orjson.dumps(raw))
    assert profile.spans_us.tolist() == [250, 4000, 7]
    assert named(profile, top_level(profile.tree, profile.self_us())) == {"main": 4257}


def test_trees_of_a_known_shape() -> None:
    profile = profile_of(cpuprofile(STACKS))
    tree, own = profile.tree, profile.self_us()
    assert own.sum() == 6000  # without idle
    assert named(profile, top_level(tree, own)) == {"main": 5000, "beta": 1000}
    assert named(profile, bottom_level(tree, own)) == {"alpha": 2000, "fib": 2000, "beta": 1000, "main": 1000}
    sums = functions(tree, own)
    by_name = {one.name: i for i, one in enumerate(tree.frames)}
    assert sums.total[by_name["fib"]] == 2000  # recursion counts once
    assert sums.total[by_name["alpha"]] == 4000
    alpha = callers(tree, own, by_name["alpha"])
    assert named(profile, above(tree, own, alpha)) == {"main": 3000, "beta": 1000}
    assert named(profile, below(tree, own, callees(tree, own, by_name["alpha"]))) == {"fib": 2000}
    fib = callees(tree, own, by_name["fib"])
    assert (fib.total, fib.own) == (2000, 1000)
    assert named(profile, below(tree, own, fib)) == {"fib": 1000}


def test_a_range_cuts_the_samples_at_its_edges() -> None:
    profile = profile_of(cpuprofile(STACKS))
    assert profile.self_us(1_000_500, 1_001_250).sum() == 750
    assert profile.self_us(1_003_900, 1_005_100).sum() == 200  # idle in the middle
    assert profile.profiled_us(1_003_900, 1_005_100) == 1200
    assert profile.self_us(0, 999_999).sum() == 0
    assert profile.self_us(9_000_000, 9_000_001).sum() == 0


NAMES = st.lists(st.sampled_from(["a", "b", "c", "(idle)"]), min_size=0, max_size=6).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=40), st.integers(0, 40_000), st.integers(0, 40_000))
def test_every_view_of_a_range_has_one_total(stacks: list[str], first: int, second: int) -> None:
    profile = profile_of(cpuprofile(stacks, start_us=0))
    tree = profile.tree
    own = profile.self_us(min(first, second), max(first, second))
    total = own.sum()
    sums = functions(tree, own)
    assert sums.own.sum() == pytest.approx(total)
    assert sum(one.total for one in top_level(tree, own)) == pytest.approx(total)
    assert sum(one.total for one in bottom_level(tree, own)) == pytest.approx(total)
    waiting = top_level(tree, own)
    while waiting:
        group = waiting.pop()
        under = below(tree, own, group)
        assert sum(one.total for one in under) + group.own == pytest.approx(group.total)
        waiting += under
    for frame in range(len(tree.frames)):
        if sums.total[frame] > 0:
            assert callees(tree, own, frame).total == pytest.approx(sums.total[frame])
            assert callers(tree, own, frame).total == pytest.approx(sums.total[frame])
    for frame in tree.frames:
        spent = sum(line_times(profile, own, frame).values())
        same = [(one.script_id, one.url) == (frame.script_id, frame.url) for one in tree.frames]
        assert spent == pytest.approx(sums.own[same].sum())


def test_a_collection_lies_upon_what_it_interrupted() -> None:
    stacks = ["main alpha", "(garbage_collector)", "(garbage_collector)", "main beta", "(idle)", "(garbage_collector)"]
    profile = profile_of(cpuprofile(stacks))
    own = profile.self_us()
    assert named(profile, top_level(profile.tree, own)) == {"main": 4000, "(garbage collector)": 1000}
    collector = next(i for i, one in enumerate(profile.tree.frames) if one.name == "(garbage collector)")
    who = above(profile.tree, own, callers(profile.tree, own, collector))
    assert named(profile, who) == {"alpha": 2000}


def test_lines_share_a_functions_own_time() -> None:
    raw = cpuprofile(["main"] * 4)
    raw["nodes"][1]["positionTicks"] = [{"line": 5, "ticks": 1}, {"line": 9, "ticks": 3}]
    profile = profile_of(raw)
    main = profile.tree.frames[1]
    assert line_times(profile, profile.self_us(), main) == {5: 1000, 9: 3000}
    assert line_times(profile, profile.self_us(1_000_000, 1_002_000), main) == {5: 500, 9: 1500}


def test_pieces_become_one_profile_with_a_gap() -> None:
    first = profile_of(cpuprofile(["main alpha", "main"], start_us=0))
    second = profile_of(cpuprofile(["main beta", "main alpha"], start_us=10_000))
    whole = joined([first, second])
    assert whole.self_us().sum() == 4000
    assert whole.profiled_us(0, 12_000) == 4000
    assert named(whole, top_level(whole.tree, whole.self_us())) == {"main": 4000}
    assert whole.self_us(2000, 10_000).sum() == 0
    assert len(joined([]).at_us) == 0


def test_samples_out_of_order_are_put_in_order() -> None:
    raw = cpuprofile(["main", "main alpha", "main beta"])
    raw["timeDeltas"] = [0, 2000, -1000]
    raw["endTime"] = raw["startTime"] + 3000
    profile = profile_of(raw)
    assert (np.diff(profile.at_us) >= 0).all()
    assert profile.self_us().sum() == 3000


def test_without_samples_hit_counts_stand_in() -> None:
    raw = cpuprofile(["main", "main alpha", "main alpha"])
    del raw["samples"], raw["timeDeltas"]
    profile = profile_of(raw)
    assert profile.self_us().sum() == 3000


def damaged() -> list[Any]:
    found: list[Any] = [[], {}, {"nodes": []}, {"nodes": 5}, {"nodes": [None]}]
    for key, value in (
        ("samples", [99]),
        ("samples", ["x", 1, 1, 1, 1, 1, 1]),
        ("timeDeltas", [1]),
        ("startTime", "soon"),
        ("startTime", 10**30),
    ):
        found.append({**cpuprofile(STACKS), key: value})
    for children in ([2], [1], [77], "no"):
        raw = cpuprofile(STACKS)
        raw["nodes"][-1]["children"] = children
        found.append(raw)
    twice = cpuprofile(STACKS)
    twice["nodes"][-1]["id"] = 1
    alone = cpuprofile(STACKS)
    alone["nodes"][0]["children"] = []
    return [*found, twice, alone]


@pytest.mark.parametrize("wrong", damaged())
def test_what_is_no_profile_says_so(wrong: Any) -> None:
    with pytest.raises(FormatError, match="Read a CPU profile"):
        profile_of(wrong)


def test_what_is_no_json_says_so() -> None:
    for read in (read_cpuprofile, read_heapprofile):
        with pytest.raises(FormatError, match="no JSON"):
            read(b"\x00\xff garbage")
        with pytest.raises(FormatError, match="it has no"):
            read(b"{}")
    with pytest.raises(FormatError, match="wrong type"):
        read_heapprofile(b'{"head": {"callFrame": {}, "selfSize": [], "children": []}}')


def test_a_heap_profile_in_bytes() -> None:
    def node(name: str, size: int, *children: object) -> dict[str, object]:
        call = {"functionName": name, "scriptId": "7", "url": "a.js", "lineNumber": 0, "columnNumber": 0}
        return {"callFrame": call, "selfSize": size, "id": 1, "children": list(children)}

    raw = {"head": node("(root)", 0, node("keep", 100, node("more", 30)), node("more", 5)), "samples": []}
    profile = read_heapprofile(orjson.dumps(raw))
    rows = top_level(profile.tree, profile.own_bytes)
    assert [(profile.tree.frames[one.frame].name, one.total) for one in rows] == [("keep", 130), ("more", 5)]
    assert functions(profile.tree, profile.own_bytes).own.tolist() == [0, 100, 35]


def test_two_versions_become_one_tree() -> None:
    before = profile_of(cpuprofile(["main alpha", "main alpha", "main old"]))
    after = profile_of(cpuprofile(["main alpha", "main new", "main new fib"]))
    both = differ(before.tree, before.self_us(), after.tree, after.self_us())
    assert (both.before.sum(), both.after.sum()) == (3000, 3000)
    found = {
        both.tree.frames[frame].name: (old, new)
        for frame, old, new in zip(both.tree.frame.tolist(), both.before.tolist(), both.after.tolist(), strict=True)
    }
    assert found["alpha"] == (2000, 1000)
    assert found["old"] == (1000, 0)
    assert found["new"] == (0, 1000)


@pytest.mark.parametrize(
    "inside",
    ["1,,2", "1,2,", ",1", "1-2", "--1", "-", "1 2", "01a", "1.5", "[1]", '"1"', "99999999999999999999", "1e3", ""],
)
def test_long_lists_that_are_not_plain_are_left_to_the_parser(inside: str) -> None:
    text = '{{"samples":[{},{}]}}'.format(",".join(["7"] * 6000), inside)
    try:
        expected = orjson.loads(text)
    except ValueError:
        with pytest.raises(ValueError):
            number_lists.load(text.encode(), ("samples",))
    else:
        assert number_lists.load(text.encode(), ("samples",)) == expected


def test_long_lists_are_read_as_the_parser_does() -> None:
    numbers = [(i * 7919) % 100_003 * (-1 if i % 5 == 0 else 1) for i in range(5000)]
    text = orjson.dumps({"nodes": [{"id": 1}], "samples": numbers, "timeDeltas": numbers[::-1]})
    read = number_lists.load(text, ("samples", "timeDeltas"))
    assert isinstance(read["samples"], np.ndarray)
    assert {key: list(value) for key, value in read.items()} == orjson.loads(text)
    for elsewhere in ({"nodes": [{"samples": numbers}]}, {'x"samples': numbers}, [numbers]):
        assert number_lists.load(orjson.dumps(elsewhere), ("samples",)) == elsewhere
