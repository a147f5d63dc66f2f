"""What can go wrong between here and AWS, each in one line that says what to do."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
UNKNOWN = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
SIGN_IN = "sign in again (aws sso login, or fresh access keys), then run the same command once more"


class DeploymentError(Exception):
    """A desk can't be deployed, changed or taken away; the message says why and what to do, in few lines."""


def in_words(error: Exception) -> str:
    """Give what botocore raised as one line with a way on; any other error as it describes itself."""
    match error:
        case SSOTokenLoadError() | TokenRetrievalError() | UnauthorizedSSOTokenError():
            return f"the AWS sign-in has ended: {SIGN_IN}"
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError():
            return (
                "there are no AWS credentials: run `aws configure sso` or `aws configure`, then name the profile "
                "(AWS_PROFILE=…)"
            )
        case ProfileNotFound():
            return f"{error}: `aws configure list-profiles` shows those there are"
        case NoRegionError():
            return "no AWS region is set: name one where SES takes in mail, AWS_REGION=eu-west-1 say"
        case EndpointConnectionError():
            return f"AWS can't be reached: {_one_line(str(error))}"
        case ClientError():
            return _refusal(error)
        case BotoCoreError():
            return _one_line(str(error))
    return _one_line(str(error)) or type(error).__name__


def said_by_cli(text: str) -> str:
    """Give what the AWS command line said as one line, with a way on where its cause is known."""
    last = _one_line(" ".join(line for line in text.strip().splitlines()[-4:] if line.strip()))
    if any(code in text for code in EXPIRED):
        return f"the AWS sign-in has ended while this ran: {SIGN_IN}"
    if any(code in text for code in UNKNOWN):
        return f"AWS doesn't know these credentials: {last}"
    return last or "it said nothing"


def code_of(error: ClientError) -> str:
    """Give AWS's code of an error."""
    code: str = error.response.get("Error", {}).get("Code", "")
    return code


def _refusal(error: ClientError) -> str:
    code = code_of(error)
    said = _one_line(error.response.get("Error", {}).get("Message", "")) or code
    if code in EXPIRED:
        return f"the AWS sign-in has ended: {SIGN_IN}"
    if code in UNKNOWN:
        return f"AWS doesn't know these credentials ({code}): check AWS_PROFILE and the access keys"
    if code in DENIED:
        return f"these credentials may not {error.operation_name}: {said}; use an administrator of the account"
    return f"{error.operation_name}: {said}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
