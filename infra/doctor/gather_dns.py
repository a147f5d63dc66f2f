"""Asks DNS what a domain says about its mail."""

from collections.abc import Callable
from functools import partial

from infra.doctor.facts import DnsRecords, Found, Identity, Unknown

SECONDS = 5.0
"""How long one question may take."""

Lookup = Callable[[str, str], tuple[str, ...]]
"""Gives the texts of a name's records of a type, none where there are none. Raises LookupFailed."""


class LookupFailed(Exception):
    """DNS gave no answer, neither yes nor no."""


def ask_dns(name: str, kind: str) -> tuple[str, ...]:
    """Give a name's records as DNS has them: MX as `10 host`, TXT joined, names without the final dot.

    Raises LookupFailed where no server answers in time.
    """
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, kind, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise LookupFailed(f"{name} {kind}: {' '.join(str(error).split())}") from error
    if kind == "TXT":
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
    return tuple(record.to_text().rstrip(".") for record in answer)


def ask_nobody(name: str, kind: str) -> tuple[str, ...]:
    """Ask no DNS at all, where there is none to ask. Raises LookupFailed."""
    raise LookupFailed(f"{name} {kind}: not asked (--no-dns)")


def gather_dns(lookup: Lookup, domain: str, identity: Identity | None) -> DnsRecords:
    """Give what a domain's DNS says, as far as it answers."""
    tokens = identity.dkim_tokens if identity else ()
    mail_from = identity.mail_from if identity else ""
    signed = identity.name if identity and "@" not in identity.name else domain
    return DnsRecords(
        mx=_asked(partial(_hosts, lookup, domain)),
        spf=_asked(partial(_policies, lookup, domain, "v=spf1")),
        dmarc=_asked(partial(_nearest_dmarc, lookup, domain)),
        dkim=_asked(lambda: tuple(_first(lookup(f"{token}._domainkey.{signed}", "CNAME")) for token in tokens)),
        mail_from_mx=_asked(partial(_hosts, lookup, mail_from)) if mail_from else (),
        mail_from_spf=_asked(partial(_policies, lookup, mail_from, "v=spf1")) if mail_from else (),
    )


def _asked(question: Callable[[], tuple[str, ...]]) -> Found[tuple[str, ...]]:
    try:
        return question()
    except LookupFailed as error:
        return Unknown(str(error))


def _first(records: tuple[str, ...]) -> str:
    return records[0].lower() if records else ""


def _hosts(lookup: Lookup, name: str) -> tuple[str, ...]:
    """Give the hosts of MX records, preferred first; a null MX (RFC 7505) is none."""
    pairs = (record.split(maxsplit=1) for record in lookup(name, "MX"))
    ordered = sorted((int(pair[0]), pair[1].lower()) for pair in pairs if len(pair) == 2)
    return tuple(host for _, host in ordered)


def _policies(lookup: Lookup, name: str, beginning: str) -> tuple[str, ...]:
    return tuple(
        text for text in lookup(name, "TXT") if f"{text.lower()} ".startswith((f"{beginning} ", f"{beginning};"))
    )


def _nearest_dmarc(lookup: Lookup, domain: str) -> tuple[str, ...]:
    """Look at the domain, then upwards, down to two labels: a subdomain without a policy has its parent's."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        if found := _policies(lookup, f"_dmarc.{'.'.join(labels[start:])}", "v=dmarc1"):
            return found
    return ()
