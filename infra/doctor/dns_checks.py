"""The checks of what the domain's DNS says about its mail."""

from collections.abc import Sequence

from infra.doctor.checks import unknown
from infra.doctor.facts import Facts, Identity, Unknown
from infra.doctor.finding import Finding, Side, State


def check_mx(facts: Facts) -> Finding:
    """Mail goes where MX points (RFC 5321, section 5.1), and SES has one host a region for it."""
    name, hosts, ours = "MX record", facts.dns.mx, f"inbound-smtp.{facts.region}.amazonaws.com"
    if isinstance(hosts, Unknown):
        return unknown(name, Side.RECEIVE, hosts)
    fix = f"publish: {facts.domain}. MX 10 {ours}."
    if not hosts:
        return Finding(name, Side.RECEIVE, State.FAIL, f"{facts.domain} has none: mail for it goes nowhere", fix)
    if hosts[0] == ours:
        return Finding(name, Side.RECEIVE, State.OK, f"mail for {facts.domain} comes to SES")
    fix = f"{fix} Where other mailboxes share the domain: forward {facts.support_address} to a subdomain with that MX"
    if ours in hosts:
        says = f"SES is not first: mail goes to {hosts[0]}, which must forward {facts.support_address}"
        return Finding(name, Side.RECEIVE, State.FAIL, says, fix)
    return Finding(name, Side.RECEIVE, State.FAIL, f"mail for {facts.domain} goes to {hosts[0]}, not to SES", fix)


def check_dkim_records(facts: Facts) -> Finding:
    """SES signs with keys that it publishes itself; the domain points to them by CNAME."""
    name, identity, targets = "DKIM records", facts.identity, facts.dns.dkim
    if isinstance(targets, Unknown):
        return unknown(name, Side.SEND, targets)
    if isinstance(identity, Unknown) or identity is None or not identity.dkim_tokens:
        says = "there are none to look for before the identity has DKIM tokens"
        return Finding(name, Side.SEND, State.REMARK, says, "see the identity above")
    return _dkim_pointing(name, facts.domain, identity, targets)


def _dkim_pointing(name: str, domain: str, identity: Identity, targets: Sequence[str]) -> Finding:
    wrong = [
        f"{token}._domainkey.{domain}. CNAME {token}.dkim.amazonses.com."
        for token, target in zip(identity.dkim_tokens, targets, strict=True)
        if target != f"{token}.dkim.amazonses.com"
    ]
    if not wrong:
        return Finding(name, Side.SEND, State.OK, f"all {len(identity.dkim_tokens)} are published")
    says = f"{len(wrong)} of {len(identity.dkim_tokens)} are missing or wrong"
    return Finding(name, Side.SEND, State.FAIL, says, f"publish: {'; '.join(wrong)}")


def check_spf(facts: Facts) -> Finding:
    """SPF judges the envelope's domain (RFC 7208, 2.4): SES's own unless the identity has a MAIL FROM domain."""
    name, identity = "SPF", facts.identity
    if isinstance(identity, Identity) and identity.mail_from:
        return _own_mail_from(name, facts, identity)
    records = facts.dns.spf
    if isinstance(records, Unknown):
        return unknown(name, Side.SEND, records)
    if len(records) > 1:
        says = f"{facts.domain} has {len(records)} SPF records, which counts as an error (RFC 7208, 4.5)"
        return Finding(name, Side.SEND, State.FAIL, says, "join them into one TXT record beginning v=spf1")
    return Finding(name, Side.SEND, State.OK, "passes for SES's own envelope domain; DKIM is what DMARC goes by")


def _own_mail_from(name: str, facts: Facts, identity: Identity) -> Finding:
    records, hosts = facts.dns.mail_from_spf, facts.dns.mail_from_mx
    if isinstance(records, Unknown):
        return unknown(name, Side.SEND, records)
    if isinstance(hosts, Unknown):
        return unknown(name, Side.SEND, hosts)
    feedback = f"feedback-smtp.{facts.region}.amazonses.com"
    fixes = []
    if len(records) != 1 or "include:amazonses.com" not in records[0].split():
        fixes.append(f'{identity.mail_from}. TXT "v=spf1 include:amazonses.com ~all", and no other SPF record')
    if hosts != (feedback,):
        fixes.append(f"{identity.mail_from}. MX 10 {feedback}., and no other MX")
    if not fixes and identity.mail_from_status == "SUCCESS":
        return Finding(name, Side.SEND, State.OK, f"{identity.mail_from} lets SES send")
    says = f"the MAIL FROM domain {identity.mail_from} isn't ready ({identity.mail_from_status})"
    return Finding(
        name, Side.SEND, State.FAIL, says, f"publish: {'; '.join(fixes)}" if fixes else "wait for SES to see it"
    )


def check_dmarc(facts: Facts) -> Finding:
    """Large providers refuse or bury mail of domains without DMARC (RFC 7489)."""
    name, records = "DMARC", facts.dns.dmarc
    if isinstance(records, Unknown):
        return unknown(name, Side.SEND, records)
    example = f'_dmarc.{facts.domain}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{facts.domain}"'
    if not records:
        return Finding(name, Side.SEND, State.FAIL, f"{facts.domain} has no policy", f"publish: {example}")
    if len(records) > 1:
        says = "there are several policies, so that none counts (RFC 7489, 6.6.3)"
        return Finding(name, Side.SEND, State.FAIL, says, "leave one TXT record")
    return Finding(name, Side.SEND, State.OK, records[0])
