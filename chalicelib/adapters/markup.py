"""HTML that agents write, treated as that of mail which comes in; nh3 is imported only where there is some."""

import binascii
import re
from base64 import b64decode
from hashlib import sha256

from chalicelib.domain.email import OutboundFile

_PICTURE = re.compile(r'\bsrc="data:image/(png|gif|jpeg|webp);base64,([^"]*)"', re.IGNORECASE)


class SafeMarkup:
    """Cleans HTML by the rules for received mail."""

    def cleaned(self, html: str) -> str:
        """See ports.Markup."""
        from chalicelib.adapters.mime.safe_html import safe_html

        return safe_html(html)

    def text_of(self, html: str) -> str:
        """See ports.Markup."""
        from chalicelib.adapters.mime.html_text import text_of_html

        return text_of_html(html)

    def pictures_apart(self, html: str) -> tuple[str, tuple[OutboundFile, ...]]:
        """See ports.Markup. The same picture twice is one file; its identifier follows from what it shows."""
        files: dict[str, OutboundFile] = {}

        def named(found: re.Match[str]) -> str:
            try:
                content = b64decode(re.sub(r"\s+", "", found[2]), validate=True)
            except binascii.Error:
                return 'src=""'
            kind, content_id = found[1].lower(), f"{sha256(content).hexdigest()[:24]}@pictures"
            name = f"picture-{len(files) + 1}.{kind}"
            files.setdefault(content_id, OutboundFile(name, f"image/{kind}", content, content_id))
            return f'src="cid:{content_id}"'

        return _PICTURE.sub(named, html), tuple(files.values())
