"""The accounts of the desk's people, in an Amazon Cognito user pool."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import brief_failures, error_code
from chalicelib.domain.errors import InvalidInput, NotFound, SignInRefused
from chalicelib.domain.sign_in import Asked, Challenge, Proven

CHALLENGES = {"NEW_PASSWORD_REQUIRED": Asked.TEMPORARY, "SOFTWARE_TOKEN_MFA": Asked.AUTHENTICATOR}
ANSWERS = {Asked.TEMPORARY: "NEW_PASSWORD", Asked.AUTHENTICATOR: "SOFTWARE_TOKEN_MFA_CODE"}
NAMES = {asked: name for name, asked in CHALLENGES.items()}

REFUSED = frozenset(
    {"NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException", "PasswordResetRequiredException"}
)
WRONG_CODE = frozenset({"CodeMismatchException", "ExpiredCodeException"})


class CognitoAccounts:
    """Asks one user pool through one of its clients (flow USER_PASSWORD_AUTH, so over TLS and from the server only).

    Wrong passwords slow Cognito's answers down and then lock the account for a while by themselves (Amazon Cognito
    developer guide, "Lockout behavior for failed sign-in attempts").
    """

    def __init__(self, public: Any, admin: Any, pool_id: str, client_id: str) -> None:
        """`public` and `admin` are boto3 clients of `cognito-idp`: one that signs nothing, since anybody may ask to
        sign in and IAM has no say in it, and one that signs as the function."""
        self._client = public
        self._admin = admin
        self._pool_id = pool_id
        self._client_id = client_id

    def sign_in(self, email: str, password: str) -> Proven | Challenge:
        """See ports.Accounts."""
        with _in_our_words():
            answer = self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        return _read(answer, email)

    def answer(self, challenge: Challenge, given: str) -> Proven | Challenge:
        """See ports.Accounts."""
        with _in_our_words():
            answer = self._client.respond_to_auth_challenge(
                ClientId=self._client_id,
                ChallengeName=NAMES[challenge.asked],
                Session=challenge.token,
                ChallengeResponses={"USERNAME": challenge.email, ANSWERS[challenge.asked]: given},
            )
        return _read(answer, challenge.email)

    def send_code(self, email: str) -> None:
        """See ports.Accounts."""
        try:
            with _in_our_words():
                self._client.forgot_password(ClientId=self._client_id, Username=email)
        except (SignInRefused, InvalidInput):
            return  # whether there is such an account is nobody's business

    def reset_password(self, email: str, code: str, password: str) -> None:
        """See ports.Accounts."""
        with _in_our_words():
            self._client.confirm_forgot_password(
                ClientId=self._client_id, Username=email, ConfirmationCode=code, Password=password
            )

    def invite(self, email: str) -> bool:
        """See ports.Accounts. Cognito mails the password; one that wasn't used yet is made and mailed anew."""
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        wanted = {"UserPoolId": self._pool_id, "Username": email, "DesiredDeliveryMediums": ["EMAIL"]}
        if self._created({**wanted, "UserAttributes": attributes}):
            return True
        return self._created({**wanted, "MessageAction": "RESEND"})

    def _created(self, request: Mapping[str, Any]) -> bool:
        try:
            with brief_failures():
                self._admin.admin_create_user(**request)
        except ClientError as error:
            if error_code(error) in ("UsernameExistsException", "UnsupportedUserStateException"):
                return False
            raise
        return True


class NoAccounts:
    """Stands where no user pool was deployed: nobody is invited, nobody can sign in, and the page says why."""

    def invite(self, email: str) -> bool:
        """See ports.Accounts."""
        return False

    def __getattr__(self, name: str) -> Any:
        raise NotFound("this desk was deployed without sign-in: STAFF_POOL_ID and STAFF_CLIENT_ID are not set", name)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        with brief_failures():
            yield
    except ClientError as error:
        code = error_code(error)
        if code in REFUSED:
            raise SignInRefused("address and password don't fit together, or the password must be reset") from error
        if code == "InvalidPasswordException":
            raise InvalidInput("is too short or too easy: use at least 12 characters", "password") from error
        if code in WRONG_CODE:
            raise InvalidInput("is wrong or too old; ask for a new one", "code") from error
        if code in ("InvalidParameterException", "TooManyFailedAttemptsException"):
            raise SignInRefused("that can't be done now; ask whoever runs the desk for a new invitation") from error
        raise


def _read(answer: Mapping[str, Any], email: str) -> Proven | Challenge:
    """Trust what Cognito itself answered over TLS; no token is kept, so none needs to be verified
    (OpenID Connect Core 1.0, 3.1.3.7, item 6)."""
    if "AuthenticationResult" in answer:
        return Proven(email)
    asked = CHALLENGES.get(answer.get("ChallengeName", ""))
    if asked is None:
        raise SignInRefused(f"this desk can't ask for {answer.get('ChallengeName')}; see docs/console.md")
    return Challenge(asked, email, answer["Session"])
