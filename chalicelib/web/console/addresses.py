"""The addresses that the desk is written to: what mail to each begins with, and how each stands with Amazon SES."""

from collections.abc import Mapping

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.sender_identity import Standing
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import setting_entries
from chalicelib.web.console.form_fields import Fields, one_each
from chalicelib.web.console.policies import team_names
from chalicelib.web.console.setting_entries import Entries, Json, Reading
from chalicelib.web.console.setting_fields import LANGUAGES, _

LINES = ("name", "team_id", "language")

STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.READY: (_("ready"), _("Amazon SES has verified its domain and signs its mail.")),
    Standing.UNSIGNED: (
        _("not signed"),
        _("Its domain is verified, but mail is not signed (DKIM): it may land among spam."),
    ),
    Standing.ADDRESS_ONLY: (
        _("address only"),
        _("Only the address is verified, not its domain: mail leaves unsigned, and none arrives."),
    ),
    Standing.PENDING: (_("not verified"), _("Amazon SES waits for the DNS records that show that it is yours.")),
    Standing.MISSING: (
        _("unknown to SES"),
        _("Amazon SES knows neither it nor its domain, and refuses to send as it."),
    ),
    Standing.UNKNOWN: (_("not found out"), _("Amazon SES gave no answer; try again, or run the doctor.")),
}
"""What each standing is called, and what it means."""

VERDICTS: Mapping[str, str] = {
    "ok": _("in order"),
    "remark": _("worth knowing"),
    "fail": _("wrong"),
    "unknown": _("not found out"),
}
"""What the doctor's verdicts are called."""


def _shown(entry: Json) -> Fields:
    signatures = {f"signature-{language}": entry["signature"].get(language, "") for language, _label in LANGUAGES}
    plain = {"address": entry["address"], **{name: entry[name] for name in LINES}}
    return Fields(one_each({**plain, "tags": ", ".join(entry["tags"]), **signatures}))


def _read(fields: Fields, before: Json | None) -> Reading:
    known = {language for language, _label in LANGUAGES}
    # languages that have no field here stay as they are
    kept = {one: text for one, text in (before["signature"] if before else {}).items() if one not in known}
    typed = {one: text for one, _label in LANGUAGES if (text := fields.text(f"signature-{one}").strip())}
    entry: Json = {
        "address": before["address"] if before else fields.line("address"),
        **{name: fields.line(name) for name in LINES},
        "tags": fields.words("tags"),
        "signature": {**kept, **typed},
    }
    return Reading(entry, fields)


def _more(call: Call, known: DeskSettings) -> Json:
    looked = bool(call.query.get("look"))
    return {
        "languages": dict(LANGUAGES),
        "team_names": team_names(call),
        "main": known.own_addresses[0],
        "standings": call.desk.identities.standing(known.own_addresses) if looked else {},
        "words": STANDINGS,
        "checkup": call.desk.checkups.latest(),
        "verdicts": VERDICTS,
    }


ADDRESSES = Entries(
    name="addresses",
    address="addresses",
    several="addresses.html",
    single="address.html",
    empty={"address": "", "tags": (), "signature": {}, **dict.fromkeys(LINES, "")},
    shown=_shown,
    read=_read,
    key=lambda entry, _index: str(entry["address"]),
    place=lambda entry, _index: f"[{entry['address']}]",
    more=_more,
)


def show(call: Call) -> Answer:
    """Show the addresses; with `look` in the query, how each stands with Amazon SES, which is asked then."""
    return setting_entries.every(call, ADDRESSES)


def change(call: Call) -> Answer:
    """Move an address in the order in which they are shown."""
    return setting_entries.move(call, ADDRESSES)


def show_one(call: Call) -> Answer:
    """Show an address, or the form for a new one."""
    return setting_entries.show(call, ADDRESSES, call.path["address"])


def write_one(call: Call) -> Answer:
    """Save an address, or remove it."""
    return setting_entries.save(call, ADDRESSES, call.path["address"])
