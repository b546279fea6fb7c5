"""The results of a run: events, findings, the baseline, and the reports."""
