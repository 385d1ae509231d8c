"""Benchmarks: each file is a program that prints JSON objects, one per line. None is a test; nothing timed fails."""
