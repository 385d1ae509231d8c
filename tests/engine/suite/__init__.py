"""One suite over both engines, through the pool and real hosts, capability by capability.

Where an engine lacks a capability the test asserts the refusal and its reason: nothing is skipped.
"""
