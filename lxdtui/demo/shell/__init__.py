"""The harmless shell of the demo: a few commands on an in-memory file system.

Nothing in here starts a process, opens a file of the host or evaluates code. Commands are
coroutines that read and write byte streams; the tables of them are in ``programs``.
"""
