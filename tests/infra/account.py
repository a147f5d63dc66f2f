"""A make-believe AWS account, and a desk's stack in it."""

from typing import Any

from botocore.exceptions import ClientError

from infra.deployment.stack import Stack

ACCOUNT = "123456789012"
OUTPUTS = {
    "DeskTable": "pennydesk-prod-Desk-1",
    "SupportAddress": "support@example.com",
    "MailSettingsName": "settings-1",
    "MailIdentityName": "example.com",
    "ReceiptRuleSetName": "rules-1",
    "RestAPIId": "api1",
    "EndpointURL": "https://api1.execute-api.eu-west-1.amazonaws.com/api/",
    "OnMailName": "on-mail",
    "OnWorkName": "on-work",
}


def refusal(code: str, message: str = "said so", operation: str = "DoIt") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def a_stack(status: str = "CREATE_COMPLETE", **more: Any) -> Stack:
    fields: dict[str, Any] = {"outputs": OUTPUTS, "tags": {"app": "pennydesk"}, "parameters": {}} | more
    return Stack("pennydesk-prod", status, **fields)


NO_IDENTITY = refusal("NotFoundException")


class Account:
    """A make-believe AWS account: each call's answer by `service.operation`; notes what was called."""

    def __init__(self, **answers: Any) -> None:
        self.region_name = "eu-west-1"
        self.answers = {name.replace("__", "."): answer for name, answer in answers.items()}
        self.called: list[tuple[str, dict[str, Any]]] = []

    def client(self, service: str) -> Any:
        return _Client(self, service)

    def names(self) -> list[str]:
        return [name for name, _ in self.called]


class _Client:
    def __init__(self, account: Account, service: str) -> None:
        self._account, self._service = account, service

    @property
    def exceptions(self) -> Any:
        return type("Exceptions", (), {"ParameterAlreadyExists": AlreadyThere})

    def __getattr__(self, operation: str) -> Any:
        name = f"{self._service}.{operation}"

        def call(*words: str, **given: Any) -> Any:
            self._account.called.append((name, given))
            answer = self._account.answers.get(name, {})
            if callable(answer):
                return answer(*words, **given)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class AlreadyThere(Exception):
    pass


def session(account: Account) -> Any:
    return account


def event(name: str, status: str, reason: str = "") -> dict[str, str]:
    return {
        "LogicalResourceId": name,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "ResourceType": "AWS::X::Y",
    }
