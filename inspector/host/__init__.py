"""The host process: V8's isolates on one side, the private link to the pool on the other. `main.py` is the program."""
