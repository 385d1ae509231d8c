"""Days of an engineer's work, walked through in the real window with keys and the mouse; `make days`, and look."""
