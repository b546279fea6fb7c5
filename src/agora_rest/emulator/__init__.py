"""A local Agora: both APIs, every rule of the documents, and a clock that can be moved and stopped.

```python
from agora_rest.emulator import Emulator

emulator = Emulator()
with emulator.serve() as server:
    ...  # talk to server.url
    emulator.clock.advance(300)
    emulator.clock.freeze()  # from now on only `advance` moves it; `thaw` lets it run again
```
"""

from agora_rest.emulator.channels import Mode, Platform, Role
from agora_rest.emulator.clock import Clock, FrozenClock, MovableClock
from agora_rest.emulator.emulator import Emulator
from agora_rest.emulator.faults import Fault, FaultKind
from agora_rest.emulator.recordings import UploadingStatus
from agora_rest.emulator.refusals import Refused
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.state import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.emulator.usage import Business, Metric, Minutes
from agora_rest.emulator.web_pages import PageFate
from agora_rest.emulator.world import DEMO_APP_ID, DEMO_ID, DEMO_NAME

__all__ = [
    "DEFAULT_CUSTOMER_CERTIFICATE",
    "DEFAULT_CUSTOMER_ID",
    "DEMO_APP_ID",
    "DEMO_ID",
    "DEMO_NAME",
    "Business",
    "Clock",
    "DialectName",
    "Emulator",
    "Fault",
    "FaultKind",
    "FrozenClock",
    "Metric",
    "Minutes",
    "Mode",
    "MovableClock",
    "PageFate",
    "Platform",
    "Refused",
    "Role",
    "Settings",
    "UploadingStatus",
]
