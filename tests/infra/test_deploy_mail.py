"""What SES has already is left alone, what a desk lacks is made, and all of it can be undone."""

from typing import Any

import pytest

from infra.deployment import mail
from infra.deployment.problems import DeploymentError
from infra.deployment.stack import Stack
from tests.infra.account import NO_IDENTITY, OUTPUTS, Account, a_stack, session

# ---- mail


def test_a_region_without_mail_in_is_refused_and_the_others_named() -> None:
    with pytest.raises(DeploymentError, match=r"takes in no mail in eu-nowhere-1.*eu-west-1"):
        mail.refuse_region("eu-nowhere-1", lambda host: False)
    mail.refuse_region("eu-nowhere-1", lambda host: host == "inbound-smtp.eu-nowhere-1.amazonaws.com")
    mail.refuse_region("eu-west-1", lambda host: False)


@pytest.mark.parametrize(
    "address", ["support@other.org", "support", "a b@example.com", "support@notexample.com", "", "@example.com"]
)
def test_an_address_outside_the_domain_is_refused(address: str) -> None:
    with pytest.raises(DeploymentError, match="SUPPORT_ADDRESS"):
        mail.refuse_address(address, "example.com")


@pytest.mark.parametrize("address", ["support@example.com", "support@desk.example.com", "Support@Example.com"])
def test_an_address_within_the_domain_will_do(address: str) -> None:
    mail.refuse_address(address, "example.com")


ACTIVE = {"Metadata": {"Name": "others"}}


@pytest.mark.parametrize(
    ("identity", "active", "present", "expected"),
    [
        (NO_IDENTITY, {}, None, {"MailDomain": "example.com", "ReceiptRuleSet": ""}),
        ({}, {}, None, {"MailDomain": "", "ReceiptRuleSet": ""}),
        (NO_IDENTITY, ACTIVE, None, {"MailDomain": "example.com", "ReceiptRuleSet": "others"}),
        ({}, {"Metadata": {"Name": "rules-1"}}, a_stack(), {"MailDomain": "example.com", "ReceiptRuleSet": ""}),
        ({}, ACTIVE, a_stack(parameters={"ReceiptRuleSet": "others"}),
         {"MailDomain": "example.com", "ReceiptRuleSet": "others"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_made_and_what_is_there_is_left_alone(
    identity: Any, active: Any, present: Stack | None, expected: dict[str, str]
) -> None:
    account = Account(sesv2__get_email_identity=identity, ses__describe_active_receipt_rule_set=active)
    plan = mail.plan_mail(session(account), present, "example.com", receive=True)
    assert plan.parameters == {"MailIn": "ses", **expected}


def test_without_mail_in_rule_sets_are_not_even_asked_for() -> None:
    account = Account(sesv2__get_email_identity=NO_IDENTITY)
    plan = mail.plan_mail(session(account), None, "example.com", receive=False)
    assert plan.parameters == {"MailIn": "none", "MailDomain": "example.com"}
    assert account.names() == ["sesv2.get_email_identity"]


def test_a_new_desks_rules_become_active_and_others_stay_so() -> None:
    account = Account()
    assert mail.switch_mail_on(session(account), a_stack(), "example.com") == []
    assert ("ses.set_active_receipt_rule_set", {"RuleSetName": "rules-1"}) in account.called
    account = Account(ses__describe_active_receipt_rule_set=ACTIVE)
    mail.switch_mail_on(session(account), a_stack(), "example.com")
    assert "ses.set_active_receipt_rule_set" not in account.names()


def without_identity() -> Stack:
    return a_stack(outputs={name: value for name, value in OUTPUTS.items() if name != "MailIdentityName"})


def test_an_identity_that_was_there_tells_of_bounces_unless_it_tells_others() -> None:
    account = Account()
    mail.switch_mail_on(session(account), without_identity(), "example.com")
    assert account.called[-1][1]["ConfigurationSetName"] == "settings-1"
    account = Account(sesv2__get_email_identity={"ConfigurationSetName": "marketing"})
    [note] = mail.switch_mail_on(session(account), without_identity(), "example.com")
    assert "marketing" in note
    assert "sesv2.put_email_identity_configuration_set_attributes" not in account.names()


def test_a_rule_set_that_others_use_keeps_a_desk_from_going() -> None:
    rules = {"Rules": [{"Name": "ours"}, {"Name": "theirs"}]}
    account = Account(ses__describe_receipt_rule_set=rules)
    with pytest.raises(DeploymentError, match="theirs"):
        mail.switch_mail_off(session(account), a_stack())


def test_a_desks_own_active_rule_set_is_switched_off_before_it_goes() -> None:
    account = Account(
        ses__describe_receipt_rule_set={"Rules": [{"Name": "ours"}]},
        ses__describe_active_receipt_rule_set={"Metadata": {"Name": "rules-1"}},
    )
    mail.switch_mail_off(session(account), a_stack())
    assert ("ses.set_active_receipt_rule_set", {}) in account.called
