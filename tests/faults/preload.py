"""What a server needs, loaded once and forked from (tests/faults/test_killed.py)."""

import hub.run.serving
import hub.wiring

LOADED = (hub.run.serving, hub.wiring)
