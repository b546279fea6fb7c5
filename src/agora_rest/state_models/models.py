"""All models together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agora_rest import spec
from agora_rest.state_models.bans import Bans
from agora_rest.state_models.channel_pages import ChannelPages
from agora_rest.state_models.channel_users import ChannelUsers
from agora_rest.state_models.deviations import Deviation, Model
from agora_rest.state_models.kicking_rules import KickingRules
from agora_rest.state_models.memory import REMEMBERED
from agora_rest.state_models.observed import Observed
from agora_rest.state_models.outcomes import Outcomes
from agora_rest.state_models.projects import Projects
from agora_rest.state_models.quotas import Quotas
from agora_rest.state_models.recordings import Recordings
from agora_rest.state_models.refusals import Refusals
from agora_rest.state_models.usage import Usage


class StateModels:
    """Follows the exchanges of any number of accounts in bounded memory.

    Args:
        undisturbed: Seconds within which nothing else was changed between two exchanges: by no other client, and no
            users came or went. By default no such assumption is made, and what others may have caused is not
            reported.
        size: How many objects of each kind are remembered, the most recently used ones.
        quotas: Whether calls are counted; not needed for a program that limits its own rate.
    """

    def __init__(self, *, undisturbed: float = 0.0, size: int = REMEMBERED, quotas: bool = True) -> None:
        self._undisturbed = undisturbed
        self._sets = {edition: _models(size, quotas=quotas) for edition in spec.EDITIONS}
        """While it is unknown which edition a server follows, the models of both look at its exchanges."""

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The deviations that show with an exchange; exchanges come in the order in which they were sent.

        While the edition is unknown only those that show in both are reported. The body of the response is taken away
        afterwards: the models remember requests only, so that they stay small.
        """
        found = [
            self._found(edition, replace(seen, edition=edition))
            for edition in ((seen.edition,) if seen.edition else spec.EDITIONS)
        ]
        if seen.edition and seen.effect.resource == "project":
            for other in set(spec.EDITIONS) - {seen.edition}:
                # What became of a project is compared with calls of the other API, whose edition may be unknown.
                self._found(other, replace(seen))
        seen.payload = None
        in_all = [{(each.check, each.seen.number) for each in some} for some in found]
        for each in found[0]:
            if all((each.check, each.seen.number) in others for others in in_all):
                yield each

    def _found(self, edition: spec.Edition, seen: Observed) -> list[Deviation]:
        _ = seen.code
        found = [each for model in self._sets[edition] for each in model.observe(seen)]
        seen.payload = None
        return [each for each in found if not each.doubtful or self._is_undisturbed(each)]

    def _is_undisturbed(self, deviation: Deviation) -> bool:
        return 0 < self._undisturbed >= deviation.gap


def _models(size: int, *, quotas: bool) -> tuple[Model, ...]:
    rules = KickingRules(size)
    return (
        *((Quotas(size),) if quotas else ()),
        Outcomes(),
        Refusals(),
        Recordings(size),
        Projects(size),
        rules,
        Bans(rules),
        ChannelUsers(size),
        ChannelPages(size),
        Usage(),
    )
