"""The headers that keep answers from being misused (OWASP Secure Headers Project)."""

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}
API_HEADERS = {**COMMON, "Content-Type": "application/json", "Cache-Control": "no-store"}


def page_headers(
    style_hash: str, logo_host: str = "", files_origin: str = "", *, scripts: bool = False
) -> dict[str, str]:
    """Give a page's headers: nothing runs and nothing loads but the page's own style, named by its hash (CSP 3), and
    a picture from the one host that the owner's logo lies on. With `scripts`, the desk's own run; they may send files
    to `files_origin`."""
    pictures = f"'self' data: {logo_host}".strip()
    running = (
        f"script-src 'self'; worker-src 'self'; connect-src 'self' {files_origin}".strip() + "; " if scripts else ""
    )
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; {running}img-src {pictures}; form-action 'self'; "
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
