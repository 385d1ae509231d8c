"""The command `isolate-inspector`: one file per verb, whose docstring is its help. Qt is never imported by a verb."""
