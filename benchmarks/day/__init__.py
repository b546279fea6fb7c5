"""A day of many recordings, simulated: how late they start and stop, and what is lost, under which limits.

    python -m benchmarks.day                     # the plans of docs/fleet.md (some minutes)
    python -m benchmarks.day --recordings 300000 --limit start=30 --limit stop=30 --stops-wait
    python -m benchmarks.day --check             # the real code beside the events, on a busy hour (some minutes)

`plan` says what a day is. `events` goes through it from one event to the next, by the fleet's own `Timings` and slots
and the buckets that permits are kept in, and needs a minute or two for a million recordings. `real` is the fleet
itself with its client, its SQL and the emulator, under a clock that is moved: slower by far, and what `events` is held
against.
"""
