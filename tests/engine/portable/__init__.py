"""The public API engine behind its port, each test in a process of its own: a crash fails one test."""
