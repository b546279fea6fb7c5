"""What it costs to begin: the import, the first answer of a process, the second client."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator

import httpx

from agora_rest import Agora, AsyncAgora
from benchmarks.answerer import APP_ID, PROJECTS_PATH
from benchmarks.measure import Cost, calls_for, compared, in_milliseconds, in_turn, repeated
from benchmarks.processes import line_of, output_of, process, server
from benchmarks.rows import Row, Section, Size

IMPORTS = {
    "httpx": "import httpx",
    "agora_rest": "import agora_rest",
    "Agora": "from agora_rest import Agora",
    "AsyncAgora": "from agora_rest import AsyncAgora",
    "generated": "from agora_console.api.projects import list_projects; from agora_console import AuthenticatedClient",
}

TIMED = """
import json, time
cpu, wall = time.process_time(), time.perf_counter()
{}
print(json.dumps([time.process_time() - cpu, time.perf_counter() - wall]))
"""

FIRST_ANSWER = {
    "httpx": """
import httpx
client = httpx.Client()
assert client.get("{url}{path}", headers={{"Authorization": "Basic Yzpj"}}).json()["projects"]
""",
    "httpx, no trust store": """
import httpx, ssl
client = httpx.Client(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False)
assert client.get("{url}{path}", headers={{"Authorization": "Basic Yzpj"}}).json()["projects"]
""",
    "generated": """
import ssl
from agora_console import AuthenticatedClient
from agora_console.api.projects import list_projects
client = AuthenticatedClient(
    base_url="{url}/dev", token="Yzpj", prefix="Basic", verify_ssl=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
)
assert list_projects.sync(client=client).projects
""",
    "ours": """
from agora_rest import Agora
assert Agora("c", "c", base_url="{url}").projects.list()
""",
}

ANSWERED = "\nimport time\nprint(time.process_time(), flush=True)\n"


def measure(size: Size) -> Iterator[Row]:
    yield from imports(size)
    yield from first_answers(size)
    yield from second_clients(size)


def imports(size: Size) -> Iterator[Row]:
    """Each import in a fresh process, which measures it from inside: the interpreter's own start does not count."""

    def importing(statement: str) -> Callable[[], Cost]:
        return lambda: Cost(*json.loads(output_of([sys.executable, "-c", TIMED.format(statement)])))

    contenders = {name: importing(statement) for name, statement in IMPORTS.items()}
    costs = in_turn(contenders, warmed(contenders, size.rounds))
    for name, target in (("agora_rest", "≤ 1.25"), ("Agora", "≤ 1.25"), ("AsyncAgora", "≤ 1.25"), ("generated", None)):
        upper, lower = ([cost.cpu for cost in costs[one]] for one in (name, "httpx"))
        what = f"`{IMPORTS[name].partition(';')[0]}` over `import httpx`, CPU"
        yield compared(what, upper, lower, target=target, figures=with_least(upper, lower))


def first_answers(size: Size) -> Iterator[Row]:
    """From the start of the process until it has read an answer: wall as the parent sees it, CPU as it says."""
    with server("-m", "benchmarks.answerer") as url:

        def starting(script: str) -> Callable[[], Cost]:
            written = script.format(url=url, path=PROJECTS_PATH) + ANSWERED
            return lambda: until_answered(written)

        contenders = {name: starting(script) for name, script in FIRST_ANSWER.items()}
        costs = in_turn(contenders, warmed(contenders, size.rounds))
    for name, base, target in (
        ("ours", "httpx, no trust store", "≤ 1.30"),
        ("ours", "httpx", None),
        ("generated", "httpx, no trust store", None),
    ):
        what = f"process start to first answer: {name} over {base}"
        upper, lower = ([cost.wall for cost in costs[one]] for one in (name, base))
        yield compared(what, upper, lower, target=target, figures=with_least(upper, lower))
        upper, lower = ([cost.cpu for cost in costs[one]] for one in (name, base))
        yield compared(f"{what}, CPU", upper, lower, figures=with_least(upper, lower))


def until_answered(script: str) -> Cost:
    """What a process has cost when it says so."""
    began = time.perf_counter()
    with process("-c", script) as started:
        cpu = float(line_of(started.stdout))
        return Cost(cpu, time.perf_counter() - began)


def second_clients(size: Size) -> Iterator[Row]:
    """Made and dropped in this process, where everything has been loaded."""
    makers: dict[str, Callable[[], object]] = {
        "httpx.Client()": httpx.Client,
        "Agora": lambda: Agora("c", "c"),
        "AsyncAgora": lambda: AsyncAgora("c", "c"),
        "agora.app(…)": lambda: Agora("c", "c").app(APP_ID),
    }
    bursts = {name: repeated(make, calls_for(size.burst, make)) for name, make in makers.items()}
    costs = in_turn(bursts, size.rounds)
    for name, target in (("Agora", "≤ 0.02"), ("AsyncAgora", "≤ 0.02")):
        upper, lower = ([cost.cpu for cost in costs[one]] for one in (name, "httpx.Client()"))
        yield compared(f"second `{name}(…)` over `httpx.Client()`, CPU", upper, lower, target=target)


def warmed(contenders: dict[str, Callable[[], Cost]], rounds: int) -> int:
    """The rounds, after each has compiled what it imports. A single round is no measurement, and needs no warmth."""
    for contender in contenders.values() if rounds > 1 else ():
        contender()
    return rounds


def with_least(upper: list[float], lower: list[float]) -> Callable[[float, float], str]:
    """Medians, and the least of each, which is what it costs when nothing disturbs it."""
    return lambda a, b: f"{in_milliseconds(a, b)}; least {in_milliseconds(min(upper), min(lower))}"


SECTION = Section(
    name="starting",
    title="Cost of starting",
    meaning="""
The time for which a script, a serverless function or a command waits. Imports are measured inside a fresh process each
time, without the start of the interpreter, in CPU, because an import from a warm disk takes little else. The first
response is measured from outside, from the start of the process until it has the response. Modules are compiled
beforehand, as in an installation. *Least* is the fastest round.

Each `httpx.Client()` reads the trust store for HTTPS. Ours reads it once per process, and not at all for a server on
this machine. The row with the target compares it with an httpx that does not read it either; for Agora, both read it
once, which adds the same to both. `Agora(…)` in the last rows is for HTTPS, in a process that has already created one.
""",
    measure=measure,
    packages=("agora-rest", "httpx"),
)
