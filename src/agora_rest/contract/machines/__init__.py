"""State machines: random sequences of calls, each response compared with a simple model of the documents.

`base` contains the shared parts and explains how to write a machine.
"""
