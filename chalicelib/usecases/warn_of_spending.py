"""The mail that tells admins how near the month's cap is, what is off because of it, and what to do."""

from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.people import Role
from chalicelib.domain.prices import in_usd
from chalicelib.domain.spending import CENT, ORDER, Account, Saving, economy, forecast, spent_in
from chalicelib.usecases.ports import Desk


def warning(desk: Desk, account: Account, step: int) -> OutboundEmail | None:
    """Give the mail to all admins at work, in the desk's language, or None where there is nobody to tell.

    Its Message-ID follows from month, cap and step, so that a repeated sending is recognised as the same mail.
    """
    roster = desk.people.roster()
    admins = [agent for agent in roster.agents if agent.role is Role.ADMIN and agent.active and agent.email]
    if not admins:
        return None
    settings, now = desk.settings.load(), desk.clock.now()
    cap, spent = settings.spending.monthly_cap_cents, spent_in(account, now)
    values = {
        "desk": settings.name,
        "month": account.month,
        "spent": in_usd(spent),
        "cap": in_usd(cap * CENT),
        "percent": str(100 * spent // (cap * CENT)),
        "forecast": in_usd(forecast(account, now)),
        "off": _off_in_words(desk, economy(spent, cap), settings.language),
        "order": _order_in_words(desk, settings.language),
    }
    domain = settings.support_address.rpartition("@")[2]
    return OutboundEmail(
        sender=Address(settings.support_address, settings.name),
        to=tuple(Address(admin.email, admin.name) for admin in admins),
        subject=desk.texts.text("spending.warning.subject", settings.language, **values),
        text=desk.texts.text("spending.warning.text", settings.language, **values),
        message_id=f"<spending-{account.month}-{cap}-{step}@{domain}>",
        headers={"Auto-Submitted": "auto-generated"},
        date=now,
    )


def _off_in_words(desk: Desk, off: tuple[Saving, ...], language: str) -> str:
    names = [_name(desk, saving, language) for saving in off]
    return desk.texts.text("spending.comma", language).join(names) or desk.texts.text("spending.nothing", language)


def _order_in_words(desk: Desk, language: str) -> str:
    steps = [
        desk.texts.text("spending.step", language, what=_name(desk, saving, language), at=str(percent))
        for saving, percent in ORDER
    ]
    return desk.texts.text("spending.comma", language).join(steps)


def _name(desk: Desk, saving: Saving, language: str) -> str:
    return desk.texts.text(f"spending.{saving.value}", language)
