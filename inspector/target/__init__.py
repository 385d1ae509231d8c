"""One inspected V8, pool side: CDP messages in, events out. Nothing here knows sockets, processes or loops."""
