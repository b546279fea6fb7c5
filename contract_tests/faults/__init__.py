"""One testkit of faults: how a fault is described, planted and shown, and the catalogue of them."""
