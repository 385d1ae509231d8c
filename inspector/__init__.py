"""Isolate Inspector: live V8 isolates, seen. The public names are exported lazily; importing this costs nothing."""
