"""Accounts in memory."""

from chalicelib.domain.errors import InvalidInput, SignInRefused
from chalicelib.domain.sign_in import Asked, Challenge, Proven

PASSWORD = "correct horse battery"


class FakeAccounts:
    """Everybody's password is PASSWORD; one account's is temporary, and one has an authenticator."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.invited: list[str] = []
        self.troubles: list[Exception] = []

    def sign_in(self, email: str, password: str) -> Proven | Challenge:
        if password == "a temporary one":
            return Challenge(Asked.TEMPORARY, email, "token-1")
        if password == "with authenticator":
            return Challenge(Asked.AUTHENTICATOR, email, "token-2")
        if password != PASSWORD:
            raise SignInRefused("no")
        return Proven(email)

    def answer(self, challenge: Challenge, given: str) -> Proven | Challenge:
        if challenge.asked is Asked.TEMPORARY and len(given) < 12:
            raise InvalidInput("too short", "password")
        if challenge.asked is Asked.AUTHENTICATOR and given != "123456":
            raise SignInRefused("no")
        return Proven(challenge.email)

    def send_code(self, email: str) -> None:
        self.codes.append(email)

    def reset_password(self, email: str, code: str, password: str) -> None:
        if code != "000000":
            raise InvalidInput("wrong", "code")

    def invite(self, email: str) -> bool:
        if self.troubles:
            raise self.troubles.pop(0)
        self.invited.append(email)
        return True
