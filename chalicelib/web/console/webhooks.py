"""Which other systems are told, by escalations and automations, and the secrets by which they know this desk."""

from dataclasses import dataclass

from chalicelib.domain.automation import Action, Automation, Deed
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.webhook import secret_in_words
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.page import page
from chalicelib.web.console.policies import POLICIES
from chalicelib.web.console.setting_fields import SECTIONS


@dataclass(frozen=True, slots=True)
class Told:
    """An address that is told: its secret, the policies (by their ids) whose steps name it, and the rules that do."""

    url: str
    secret: str
    policies: tuple[str, ...]
    rules: tuple[Automation, ...]


def show(call: Call) -> Answer:
    """Show every address that a step of a policy or an automation names."""
    known, secret = call.desk.settings.latest(), call.desk.signer.secret()
    told = [Told(url, secret_in_words(secret, url), _naming(known, url), _rules(known, url)) for url in _urls(known)]
    return page(call, "webhooks.html", sections=SECTIONS, told=told, link=POLICIES.link)


def _urls(known: DeskSettings) -> list[str]:
    by_policies = {step.webhook for policy in known.sla_policies for step in policy.steps if step.webhook}
    return sorted(by_policies | {one.value for rule in known.automations for one in rule.actions if _tells(one)})


def _naming(known: DeskSettings, url: str) -> tuple[str, ...]:
    return tuple(one.id for one in known.sla_policies if any(step.webhook == url for step in one.steps))


def _rules(known: DeskSettings, url: str) -> tuple[Automation, ...]:
    return tuple(rule for rule in known.automations if any(_tells(one) and one.value == url for one in rule.actions))


def _tells(action: Action) -> bool:
    return action.do == Deed.WEBHOOK
