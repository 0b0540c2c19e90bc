"""Processes and threads: the worker, and what keeps the processes of `run` alive."""
