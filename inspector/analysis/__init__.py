"""What a recording tells: pure functions on arrays. No Qt, no files, no clock; imported late, since it brings numpy.

    profile = read_cpuprofile(raw)                   .cpuprofile bytes -> CpuProfile (`cpuprofile`)
    profile = joined([first, second])                pieces of one isolate -> one CpuProfile (`joining`)
    own = profile.self_us(from_us, to_us)            microseconds of each node in a range; [] sums and trees take it
    functions(profile.tree, own)                     self and total time of each function (`functions`)
    top_level(tree, own) / bottom_level(tree, own)   first rows of call tree and bottom-up (`groups`), then `below`,
    callers(...) / callees(...)                      `above` for the rows beneath a row; every level adds up
    line_times(profile, own, script)                 self time of each line of a source (`lines`)
    range_figures(track, from_us, to_us)             statistics of a range: Figure(key, value, unit, low, high, n)
    compare(Side(...), Side(...))                    changes per figure and per function, with verdicts (`comparison`)
    differ(tree, own, tree, own)                     one tree with two weights: a difference flame graph (`difference`)
    laid_out(tree, own)                              weights side by side, for a flame graph (`flame`)
    findings(tracks)                                 facts, each with the range it was seen in (`findings`)

A `Track` (`track`) is all that is known of one isolate: arrays of `wire.SAMPLE_DTYPE` and `wire.GC_DTYPE`, spans of
runs, console, messages, marks, a profile. Times are the monotonic clock in microseconds, sizes bytes. Busy time is
what is neither `(idle)` nor a gap between pieces: bottom-up, call tree, callers, callees and lines of one range all
have that one total.
"""
