"""Which other systems are told of escalations, and the secrets by which they know that it was this desk."""

from dataclasses import dataclass

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.webhook import secret_in_words
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import page
from chalicelib.web.console.policies import POLICIES
from chalicelib.web.console.setting_fields import SECTIONS


@dataclass(frozen=True, slots=True)
class Told:
    """An address that is told: its secret, and the policies (by their ids) whose steps name it."""

    url: str
    secret: str
    policies: tuple[str, ...]


def show(call: Call) -> Answer:
    """Show every address that a step of a policy names."""
    known, secret = call.desk.settings.latest(), call.desk.signer.secret()
    told = [Told(url, secret_in_words(secret, url), _naming(known, url)) for url in _urls(known)]
    return page(call, "webhooks.html", sections=SECTIONS, told=told, link=POLICIES.link)


def _urls(known: DeskSettings) -> list[str]:
    return sorted({step.webhook for policy in known.sla_policies for step in policy.steps if step.webhook})


def _naming(known: DeskSettings, url: str) -> tuple[str, ...]:
    return tuple(one.id for one in known.sla_policies if any(step.webhook == url for step in one.steps))
