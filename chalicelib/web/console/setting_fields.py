"""The settings that have a field of their own in the console: how each is asked for, and the sentence that explains it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HOUR, DAY = 3600, 86400


def _(text: str) -> str:
    """Mark a sentence for the catalogue; the page translates it."""
    return text


NO_NUMBER = _("must be a number")


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting: `path` is its name, with a dot inside a group; `kind` is how it is asked for.

    Kinds: text, number, switch, choice (`choices` by value), team, calendar (of those that there are), lines (one entry a
    line). `scale` is how many of the
    setting's own units one of the field's are: 3600 where hours are typed and seconds kept.
    """

    path: str
    kind: str
    label: str
    help: str
    scale: int = 1
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What the form calls it."""
        return self.path.replace(".", "-")

    @property
    def docs(self) -> str:
        """Where in the documentation it is told of: the page's name, and the place in it."""
        return f"settings#{self.path.partition('.')[0]}"

    def shown(self, settings: Mapping[str, Any]) -> str:
        """Give what the field holds for these settings."""
        value = _at(settings, self.path)
        if self.kind == "number":
            return f"{value / self.scale:g}"
        if self.kind == "lines":
            return "\n".join(value)
        return "1" if value is True else "" if value is False else str(value)

    def read(self, typed: str) -> Any:
        """Give the setting's value that was typed. Raises ValueError for what can't be read as such a value."""
        return READ[self.kind](typed, self.scale)


def _number(typed: str, scale: int) -> int:
    try:
        return round(float(typed.replace(",", ".")) * scale)
    except (ValueError, OverflowError):
        raise ValueError(NO_NUMBER) from None


def _lines(typed: str, _scale: int) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


READ: Mapping[str, Callable[[str, int], Any]] = {
    "text": lambda typed, _scale: " ".join(typed.split()),
    "choice": lambda typed, _scale: typed,
    "team": lambda typed, _scale: typed,
    "calendar": lambda typed, _scale: typed,
    "number": _number,
    "switch": lambda typed, _scale: bool(typed),
    "lines": _lines,
}


def _at(settings: Mapping[str, Any], path: str) -> Any:
    value: Any = settings
    for part in path.split("."):
        value = value[part]
    return value


def changed(settings: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Give settings with one value in another's place."""
    name, _dot, rest = path.partition(".")
    return {**settings, name: changed(settings[name], rest, value) if rest else value}


LANGUAGES = (("en", "English"), ("zh", "中文"))
ASKS = (("optional", _("if they like")), ("required", _("always")), ("never", _("never")))

# fmt: off
SECTIONS: Mapping[str, tuple[str, tuple[SettingField, ...]]] = {
    "desk": (
        _("The desk"),
        (
            SettingField("name", "text", _("Name"), _("What customers see as the sender's name and on pages.")),
            SettingField("brand.accent", "text", _("Colour"), _("Of links and buttons on pages that customers see, like #0b5fb0. What can't be read is shaded until it can.")),
            SettingField("brand.logo", "text", _("Logo"), _("The https:// address of a picture, shown there in place of the name.")),
            SettingField("support_address", "text", _("Support address"), _("Where customers write, and where answers come from. Amazon SES must know it.")),
            SettingField("public_url", "text", _("Address of the pages"), _("Where customers reach the desk's pages, for links in mails: https:// and a name. Empty: as it was deployed.")),
            SettingField("language", "choice", _("Language"), _("Used where a customer's own isn't known."), choices=LANGUAGES),
            SettingField("default_team", "team", _("Default team"), _("Gets what no rule sends elsewhere.")),
            SettingField("acknowledge", "switch", _("Tell customers that their request arrived"), _("Automatic mail is never told.")),
            SettingField("acknowledgements_per_hour", "number", _("Acknowledgements an hour"), _("At most so many for one customer, so that two machines can't talk for ever.")),
            SettingField("ticket_link_seconds", "number", _("Days that a ticket's page can be opened"), _("By the link in our mails, counted from the last change; 0 for no such pages."), DAY),
            SettingField("audit_days", "number", _("Days in the audit log"), _("For how long it is kept who changed what of the desk; what is written from now on.")),
            SettingField("reopen_seconds", "number", _("Days in which an answer reopens a ticket"), _("What comes later becomes a ticket of its own, linked to the old one."), DAY),
        ),
    ),
    "chat": (
        _("Chat"),
        (
            SettingField("chat.enabled", "switch", _("Chat box"), _("Shown on the pages of your shop that hold the script; docs/chat.md has the line to copy.")),
            SettingField("chat.sites", "lines", _("Allowed sites"), _("Whose pages may hold the box, one a line, like https://shop.example or https://*.shop.example. Nobody else's can.")),
            SettingField("chat.greeting_en", "text", _("Greeting in English"), _("The first thing visitors read. Empty for the desk's own.")),
            SettingField("chat.greeting_zh", "text", _("Greeting in Chinese"), _("The same for visitors who read Chinese.")),
            SettingField("chat.ask_email", "choice", _("Ask for a mail address"), _("With one, an answer that nobody saw in the box goes on by mail."), choices=ASKS),
            SettingField("chat.show_hours", "switch", _("Say when somebody is there again"), _("By the opening hours, while the desk is closed.")),
        ),
    ),
    "surveys": (
        _("Surveys"),
        (
            SettingField("survey.enabled", "switch", _("Ask how it went"), _("After each solution the customer is asked once, by mail.")),
            SettingField("survey.delay_seconds", "number", _("Hours after the solution"), _("When the survey leaves."), HOUR),
            SettingField("survey.reminder_seconds", "number", _("Days until the reminder"), _("Sent once, to who hasn't answered."), DAY),
            SettingField("survey.follow_up_seconds", "number", _("Days until somebody asks in person"), _("Silence becomes a follow-up then."), DAY),
            SettingField("survey.expires_seconds", "number", _("Days that the link works"), _("Until then an answer can be changed."), DAY),
            SettingField("survey.low_rating", "number", _("Low rating"), _("This and below becomes a follow-up; 0 for never.")),
            SettingField("survey.ask_nps", "switch", _("Ask whether they recommend you"), _("The same page then also asks how likely they are to recommend you, from 0 to 10 (NPS).")),
            SettingField("survey.ask_ces", "switch", _("Ask how easy it was"), _("The same page then also asks how far they agree that you made it easy for them, from 1 to 7 (CES).")),
        ),
    ),
    "form": (
        _("Help form"),
        (
            SettingField("help_form.fields", "lines", _("Fields that it asks for"), _("The ids of tickets' fields of your own, one a line.")),
            SettingField("help_form.privacy_url", "text", _("Privacy page"), _("The https:// address of the page that says how you treat data, linked beside the form.")),
            SettingField("uploads.most_files", "number", _("Files of a message"), _("At most so many from a customer; 0 for none.")),
            SettingField("uploads.most_bytes", "number", _("Megabytes of a file"), _("Of each, from a customer."), 1_000_000),
            SettingField("uploads.refused", "lines", _("Endings that aren't taken"), _("Of customers' files, one a line, without the dot.")),
            SettingField("help_form.proof_bits", "number", _("Work of a sender's browser"), _("16 is about a second on a phone; each one more doubles it, and 0 asks for none. Who doesn't do it is judged more strictly.")),
            SettingField("help_form.least_seconds", "number", _("Seconds that writing takes at least"), _("Who is quicker without that work is asked to send once more.")),
            SettingField("help_form.most_seconds", "number", _("Hours that a shown form can be sent"), _("After that it comes back with all that was typed, to be sent once more."), HOUR),
            SettingField("help_form.per_address_hourly", "number", _("Requests of one machine an hour"), _("0 for any number.")),
            SettingField("help_form.per_network_hourly", "number", _("Requests of its network an hour"), _("0 for any number.")),
        ),
    ),
    "mail": (
        _("Mail"),
        (
            SettingField("blocked_senders", "lines", _("Blocked senders"), _("An address, a domain, or all below one (*.example.com), one a line. Their mail goes to Spam.")),
            SettingField("allowed_senders", "lines", _("Allowed senders"), _("What was learnt never calls their mail spam.")),
            SettingField("learn_spam", "switch", _("Learn from what agents mark as spam"), _("Each mark teaches the desk to tell the next one.")),
            SettingField("copy_participants", "switch", _("Answer everybody"), _("Answers go in copy to everybody else who is on the mail's To and Cc.")),
            SettingField("mail_size_limit", "number", _("Megabytes that a mail may have"), _("With its files as they travel; what is larger goes as a link."), 1_000_000),
            SettingField("file_link_seconds", "number", _("Days that such a link works"), _("Then its file can be asked for by an answer."), DAY),
            SettingField("notices_per_hour", "number", _("Mails of one sender an hour that agents are told of"), _("Further ones are kept and shown.")),
        ),
    ),
    "spending": (
        _("Costs"),
        (
            SettingField("spending.monthly_cap_cents", "number", _("US dollars a month"), _("The most that the desk should cost, at list prices; 0 for no cap. As it nears, first the bot's answers go off, then surveys, then acknowledgements. Mail is always taken in, and answers always leave."), 100),
            SettingField("spending.warn_at_percent", "number", _("Warn at percent of it"), _("Admins get a mail when so much of the cap is used, and another at each of the further steps.")),
        ),
    ),
    "alerts": (
        _("Alerts"),
        (
            SettingField("quiet_hours.enabled", "switch", _("Quiet hours"), _("Mails to agents about warnings and broken promises wait until the desk opens; what is recorded, handed over or told to other systems never waits.")),
            SettingField("quiet_hours.calendar", "calendar", _("Whose opening hours"), _("Outside of them it is quiet.")),
            SettingField("quiet_hours.except_urgent", "switch", _("Urgent tickets are not quiet"), _("What is said of them never waits.")),
        ),
    ),
}
