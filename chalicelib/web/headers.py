"""The headers that keep answers from being misused (OWASP Secure Headers Project)."""

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}
API_HEADERS = {**COMMON, "Content-Type": "application/json", "Cache-Control": "no-store"}


def page_headers(style_hash: str, logo_host: str = "") -> dict[str, str]:
    """Give a page's headers: nothing runs and nothing loads but the page's own style, named by its hash (CSP 3), and
    a picture from the one host that the owner's logo lies on."""
    pictures = f"'self' data: {logo_host}".strip()
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src {pictures}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        **COMMON,
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        "Vary": "Accept-Language",
    }
