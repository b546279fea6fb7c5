"""Models of a server's state, which follow exchanges and report responses that contradict earlier ones.

    observed         an exchange as the models see it
    deviations       what a model reports
    memory           what a model remembers, bounded
    models           all models together

    outcomes         a response that contradicts its own request
    refusals         valid requests that are refused, and the codes of refusals
    quotas           ten calls in a second
    resources        resource IDs: each is new, serves once, for its channel and user, in time
    recordings       recordings: status, end, identity, errors after the end
    files            lists of files and start times
    pages            recordings of web pages: pause, push, end
    projects         projects: created, listed, changed, deleted
    certificates     certificates: on, off, renewed
    kicking_rules    kicking rules: listed, ended, changed, deleted
    bans             users that a rule keeps out
    channel_users    users of a channel
    channel_pages    pages of channels
    usage            reports of usage

A model knows only what it has seen: what others may have changed between two exchanges is reported only on the
assumption that they did not (`StateModels`, `undisturbed`). Exchanges that overlap in time have no order. The models
read the specifications only, so that the client can use them without the contract suite.
"""

from agora_rest.state_models.deviations import Deviation
from agora_rest.state_models.models import StateModels
from agora_rest.state_models.observed import Observed

__all__ = ["Deviation", "Observed", "StateModels"]
