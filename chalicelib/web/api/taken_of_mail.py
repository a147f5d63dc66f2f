"""What the API takes for the mails that leave: their templates, and files on their way."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.domain.mail_template import BODY_LIMIT, SUBJECT_LIMIT
from chalicelib.usecases.offer_upload import UPLOAD_LIMIT
from chalicelib.web.api.taken import Taken, one_line

TemplateSubject = Annotated[str, StringConstraints(min_length=1, max_length=SUBJECT_LIMIT), AfterValidator(one_line)]
TemplateText = Annotated[str, StringConstraints(min_length=1, max_length=BODY_LIMIT, pattern=r"\S")]
TemplateHtml = Annotated[str, StringConstraints(max_length=BODY_LIMIT)]


class TemplateChange(Taken):
    """The words of a mail. Where `html` is left out or empty, it is made from the text."""

    subject: TemplateSubject
    text: TemplateText
    html: TemplateHtml = ""


class TemplateDraft(Taken):
    """What to preview: the template that is used, or what is named here instead; with a ticket's data or a sample's."""

    subject: TemplateSubject | None = None
    text: TemplateText | None = None
    html: TemplateHtml | None = None
    ticket_ref: Annotated[str, StringConstraints(max_length=20)] | None = None


class NewUpload(Taken):
    """A file that will be uploaded: its name, its media type, and its exact size in bytes."""

    filename: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S"), AfterValidator(one_line)]
    content_type: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$")
    ] = "application/octet-stream"
    size: Annotated[int, Field(ge=1, le=UPLOAD_LIMIT)]
