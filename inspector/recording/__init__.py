"""Recordings: what happened in every isolate, on one time axis, in one SQLite file that is written as it happens.

`layout` is the file, `recorder` takes the pool's events, `writer` is the thread that writes them, `session` reads a
file, also while it is being written, also a stranger's. numpy comes with it, so it is imported late.
"""
