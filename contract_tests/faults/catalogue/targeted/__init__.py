"""Faults written for a check that must catch them; no published figure counts them."""
