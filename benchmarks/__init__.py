"""What the package costs, measured beside others: `python -m benchmarks` (`make bench`).

A module with a `SECTION` is one benchmark: its idea, its words in docs/performance.md, its targets, and the function
that measures it. Everything is a ratio of two things measured in turn in one run, so the machine matters little.
"""
