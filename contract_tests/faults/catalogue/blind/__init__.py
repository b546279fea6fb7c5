"""Faults written from the facts, without a look at the checks: the published figure counts these."""
