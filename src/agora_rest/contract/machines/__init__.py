"""Scenario machines: random sequences of calls, each answer compared with what a plain model of the documents allows.

`base` is what they share and says how to write one.
"""
