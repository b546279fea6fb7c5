"""How strong the contract suite is, measured: seeded faults of the emulator, and who notices them.

`python -m strength` (with `contract_tests` on the path; `make strength`) plants one fault after the other and runs the
suite, and plain schemathesis, against the emulator that has it.
"""
