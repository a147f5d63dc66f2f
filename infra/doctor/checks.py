"""The checks of what AWS says: facts in, one finding out. None of them asks anybody anything."""

from infra.doctor.facts import Facts, ReceiptRule, Suppressed, Unknown
from infra.doctor.finding import Finding, Side, State

SPARE = 0.8
"""Beyond this part of a quota, somebody should ask for more."""

LEAST_CONCURRENCY = 10
"""What a new account may run at once; the desk's own limits are made for it (infra/template.yaml, Size)."""

INBOUND = "inbound/"


def unknown(name: str, side: Side, fact: Unknown) -> Finding:
    """Give the finding of a fact that couldn't be found out."""
    fix = "see that your credentials may read it, and that the region is the desk's, then ask again"
    return Finding(name, side, State.UNKNOWN, f"couldn't be found out: {fact.why}", fix)


def check_stack(facts: Facts) -> Finding:
    """A stack that is half made, or was rolled back, looks fine until something is missing."""
    name, status = "stack", facts.stack_status
    if isinstance(status, Unknown):
        return unknown(name, Side.RUN, status)
    if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
        return Finding(name, Side.RUN, State.OK, f"pennydesk-{facts.stage} is complete")
    if status == "UPDATE_ROLLBACK_COMPLETE":
        fix = "read the stack's events for the first failure, mend it, deploy again"
        return Finding(name, Side.RUN, State.REMARK, "the last update failed; the desk is as it was before", fix)
    fix = "wait if it is in progress; else read the stack's events for the first failure and deploy again"
    return Finding(name, Side.RUN, State.FAIL, f"pennydesk-{facts.stage} is {status}", fix)


def check_signing_key(facts: Facts) -> Finding:
    """Without its key the desk can neither take in nor send a mail."""
    name, key = "signing key", facts.signing_key
    if isinstance(key, Unknown):
        return unknown(name, Side.RUN, key)
    if key:
        return Finding(name, Side.RUN, State.OK, "is in the parameter store")
    fix = f"aws ssm put-parameter --type SecureString --name /pennydesk/{facts.stage}/signing-key --value SECRET"
    return Finding(name, Side.RUN, State.FAIL, "is missing: nothing can be taken in or sent", fix)


def check_identity(facts: Facts) -> Finding:
    """SES sends only from, and receives only for, what it has verified."""
    name, identity = "SES identity", facts.identity
    if isinstance(identity, Unknown):
        return unknown(name, Side.SEND, identity)
    fix = f"aws sesv2 create-email-identity --email-identity {facts.domain}, then publish the CNAMEs it gives"
    if identity is None:
        return Finding(name, Side.SEND, State.FAIL, f"{facts.domain} is no identity in {facts.region}", fix)
    if not identity.verified:
        fix = "publish the identity's DKIM CNAMEs (below) and wait; SES looks for them for 72 hours"
        return Finding(name, Side.SEND, State.FAIL, f"{identity.name} is not verified yet", fix)
    if "@" in identity.name:
        says = f"only the address {identity.name} is verified: mail arrives and DKIM aligns for a domain alone"
        return Finding(name, Side.SEND, State.REMARK, says, fix)
    return Finding(name, Side.SEND, State.OK, f"{identity.name} is verified")


def check_dkim(facts: Facts) -> Finding:
    """Unsigned mail lands among spam, or nowhere."""
    name, identity = "DKIM", facts.identity
    if isinstance(identity, Unknown):
        return unknown(name, Side.SEND, identity)
    if identity is not None and identity.dkim_status == "SUCCESS":
        return Finding(name, Side.SEND, State.OK, "mail is signed for the domain")
    status = identity.dkim_status if identity else "NOT_STARTED"
    command = f"aws sesv2 put-email-identity-dkim-attributes --email-identity {facts.domain} --signing-enabled"
    fix = f"{command}; then publish its CNAMEs"
    return Finding(name, Side.SEND, State.FAIL, f"mail isn't signed ({status})", fix)


def check_sandbox(facts: Facts) -> Finding:
    """In the sandbox SES sends to verified addresses only: customers get nothing."""
    name, account = "sandbox", facts.account
    if isinstance(account, Unknown):
        return unknown(name, Side.SEND, account)
    if not account.sending or account.standing == "SHUTDOWN":
        fix = "answer AWS's case in the Support Center, then aws sesv2 put-account-sending-attributes --sending-enabled"
        return Finding(name, Side.SEND, State.FAIL, f"SES sends nothing for this account ({account.standing})", fix)
    if not account.production:
        fix = "ask for production access: SES console, Account dashboard; AWS answers within a day"
        says = f"the account is in SES's sandbox in {facts.region}: only verified addresses get mail"
        return Finding(name, Side.SEND, State.FAIL, says, fix)
    if account.standing == "PROBATION":
        fix = "look at bounces and complaints in SES's reputation metrics before AWS pauses sending"
        return Finding(name, Side.SEND, State.REMARK, "SES has the account under review", fix)
    return Finding(name, Side.SEND, State.OK, "the account may send to anybody")


def check_quota(facts: Facts) -> Finding:
    """A day's quota that is used up holds answers back until tomorrow."""
    name, account = "sending quota", facts.account
    if isinstance(account, Unknown):
        return unknown(name, Side.SEND, account)
    used = f"{account.sent_today:,.0f} of {account.per_day:,.0f} mails in 24 hours, {account.per_second:g} a second"
    if account.per_day < 0 or account.sent_today < SPARE * account.per_day:
        return Finding(name, Side.SEND, State.OK, used if account.per_day >= 0 else "unlimited")
    fix = "ask for a higher sending quota: Service Quotas console, Amazon SES"
    return Finding(name, Side.SEND, State.FAIL, used, fix)


def check_concurrency(facts: Facts) -> Finding:
    """All functions of an account share what may run at once."""
    name, most = "functions at once", facts.concurrency
    if isinstance(most, Unknown):
        return unknown(name, Side.RUN, most)
    if most >= LEAST_CONCURRENCY:
        return Finding(name, Side.RUN, State.OK, f"{most} may run at once")
    fix = "ask for a higher limit: Service Quotas console, AWS Lambda, concurrent executions"
    return Finding(name, Side.RUN, State.FAIL, f"only {most} may run at once", fix)


def check_addresses(facts: Facts) -> Finding:
    """SES refuses to send as an address that the functions' role doesn't name; answers from there would fail."""
    name, found = "further addresses", facts.unsendable
    if isinstance(found, Unknown):
        return unknown(name, Side.SEND, found)
    if not found:
        return Finding(name, Side.SEND, State.OK, "the desk may send as each of its addresses")
    fix = "deploy with SET=MoreAddresses=…, or SET=AddressDomain=… for a whole domain; verify the domain in SES"
    return Finding(name, Side.SEND, State.FAIL, f"the desk may not send as {', '.join(found)}", fix)


def check_suppression(facts: Facts) -> Finding:
    """SES silently drops mail to suppressed addresses."""
    name, found = "suppression list", facts.suppressed
    if isinstance(found, Unknown):
        return unknown(name, Side.SEND, found)
    if found.support_address:
        fix = f"aws sesv2 delete-suppressed-destination --email-address {facts.support_address}"
        return Finding(name, Side.SEND, State.FAIL, f"{facts.support_address} itself is on it", fix)
    return _suppressed_customers(name, found)


def _suppressed_customers(name: str, found: Suppressed) -> Finding:
    if not found.count:
        return Finding(name, Side.SEND, State.OK, "is empty")
    fix = "aws sesv2 list-suppressed-destinations; take one off once its owner says that it works again"
    says = f"{found.count} address{'' if found.count == 1 else 'es'} that bounced or complained get no mail"
    return Finding(name, Side.SEND, State.REMARK, says, fix)


def check_receipt_rule(facts: Facts) -> Finding:
    """SES refuses what no active rule takes; the desk sees what a rule puts under inbound/ of its bucket."""
    name, rules = "receipt rule", facts.rules
    if isinstance(rules, Unknown):
        return unknown(name, Side.RECEIVE, rules)
    target = f"an S3 action to {facts.mail_bucket} with prefix {INBOUND}, recipient {facts.support_address}"
    if rules is None:
        fix = f"make a rule set with {target}; then aws ses set-active-receipt-rule-set"
        return Finding(name, Side.RECEIVE, State.FAIL, f"no receipt rule set is active in {facts.region}", fix)
    right = [rule for rule in rules if rule.bucket == facts.mail_bucket and rule.prefix == INBOUND]
    taking = [rule for rule in right if takes(rule, facts.support_address)]
    if not taking:
        says = f"no rule of the active set puts mail for {facts.support_address} into the desk's bucket"
        return Finding(name, Side.RECEIVE, State.FAIL, says, f"add a rule to the active set: {target}")
    return _switched_on(name, taking)


def _switched_on(name: str, taking: list[ReceiptRule]) -> Finding:
    on = next((rule for rule in taking if rule.enabled), None)
    if on is None:
        return Finding(
            name, Side.RECEIVE, State.FAIL, f"the rule {taking[0].name} is off", "enable it in SES's console"
        )
    if not on.scans:
        says = f"the rule {on.name} doesn't scan: spam and viruses become tickets"
        return Finding(name, Side.RECEIVE, State.REMARK, says, "enable spam and virus scanning in the rule")
    return Finding(name, Side.RECEIVE, State.OK, f"the rule {on.name} puts mail into the desk's bucket")


def takes(rule: ReceiptRule, address: str) -> bool:
    """Whether a rule is for an address, with any label after a plus as well.

    A recipient is an address, a domain, or with a leading dot all subdomains; none means every verified domain (SES
    developer guide, "Creating receipt rules", recipient conditions).
    """
    domain = address.rpartition("@")[2].lower()
    wanted = [recipient.lower() for recipient in rule.recipients]
    return not wanted or any(
        one in (address.lower(), domain) or (one.startswith(".") and domain.endswith(one)) for one in wanted
    )


def check_alarms(facts: Facts) -> Finding:
    """An alarm that nobody hears is none."""
    name, found = "alarms", facts.subscriptions
    if isinstance(found, Unknown):
        return unknown(name, Side.RUN, found)
    if found is None:
        return Finding(name, Side.RUN, State.FAIL, "the stack has no alarm topic", "deploy it again")
    if found.confirmed:
        return Finding(name, Side.RUN, State.OK, f"{found.confirmed} subscriber(s) hear of them")
    if found.pending:
        fix = "open the mail “AWS Notification - Subscription Confirmation” and confirm"
        return Finding(name, Side.RUN, State.FAIL, "nobody has confirmed their subscription yet", fix)
    return Finding(name, Side.RUN, State.FAIL, "nobody hears of them", "deploy with the parameter AlarmEmail")


def check_dead_letters(facts: Facts) -> Finding:
    """What failed five times waits for somebody."""
    name, found = "dead letters", facts.dead_letters
    if isinstance(found, Unknown):
        return unknown(name, Side.RUN, found)
    waiting = {queue: count for queue, count in found.items() if count}
    if not waiting:
        return Finding(name, Side.RUN, State.OK, "there are none")
    says = ", ".join(f"{count} in {queue}" for queue, count in sorted(waiting.items()))
    fix = f"look at the logs, mend the cause, then python -m infra.redrive both --stage {facts.stage}"
    return Finding(name, Side.RUN, State.FAIL, says, fix)
