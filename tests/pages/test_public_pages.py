"""What customers see: the form and the survey, by keyboard, on a phone, in two languages, without JavaScript."""

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

PNG = b"\x89PNG\r\n\x1a\n\xff\xfe\0 not much of a picture"


def survey_link(desk_url: str) -> str:
    """Give the link of the demo's survey from the outbox."""
    return mailed_link(desk_url, "/s/")


def mailed_link(desk_url: str, kind: str) -> str:
    """Give the latest link of some kind from the outbox."""
    with urlopen(f"{desk_url}/_local/outbox", timeout=10) as answer:
        rows = json.loads(answer.read())["items"]
    words = (str(word) for row in rows for word in row["text"].split())
    return next(word for word in words if kind in word and word.startswith("http"))


def pass_time(desk_url: str) -> None:
    """Let so long pass as a person needs to write."""
    told = Request(f"{desk_url}/_local/clock", data=b'{"advance_seconds": 5}', method="POST")
    urlopen(told, timeout=10).close()


def test_a_customer_writes_with_the_keyboard_alone(page: "Page", desk_url: str) -> None:
    page.goto("/help")
    for text in ("Jo", "jo@customer.example", "A question", "Does it come in red?"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    pass_time(desk_url)
    for _ in range(2):  # past the files
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Thank you, we have it.")
    assert "jo@customer.example" in page.inner_text("main")


def test_what_was_typed_is_kept_when_something_is_wrong(page: "Page") -> None:
    page.goto("/help")
    page.fill("#subject", "A question")
    page.fill("#email", "jo@nowhere")  # a browser lets it pass, the desk does not
    page.fill("#text", "Hello")
    page.click("button")
    assert "name@example.com" in page.inner_text("#email-wrong")
    assert (page.input_value("#subject"), page.input_value("#text")) == ("A question", "Hello")


def test_the_form_speaks_chinese(page: "Page") -> None:
    page.goto("/help")
    page.click("text=中文")
    assert page.inner_text("h1") == "需要什么帮助？"
    assert page.get_attribute("html", "lang") == "zh-CN"


def test_a_customer_rates_and_changes_their_mind(page: "Page", desk_url: str) -> None:
    link = survey_link(desk_url)
    page.goto(link)
    page.check("input[value='4']")
    page.fill("#comment", "Good.")
    page.click("button")
    assert "Satisfied" in page.inner_text("main")
    page.click("text=Change my answer")
    assert page.is_checked("input[value='4']")
    page.check("input[value='5']")
    page.click("button")
    assert "Very satisfied" in page.inner_text("main")


def test_a_customer_goes_on_says_that_it_is_solved_and_opens_it_again(page: "Page", desk_url: str) -> None:
    page.goto(mailed_link(desk_url, "/t/"))
    page.fill("#text", "It is still dark.")
    page.click("text=Send")
    assert "It is still dark." in page.inner_text(".said li:last-child")
    page.click("text=It is solved, thank you")
    assert "Thank you for telling us!" in page.inner_text("main")
    page.fill("#text", "Dark again.")
    page.click("text=Send")
    assert page.is_visible("text=It is solved, thank you")


def test_files_come_with_the_form_where_no_script_runs(page: "Page", desk_url: str) -> None:
    page.goto("/help")
    for name, text in (("email", "kim@customer.example"), ("subject", "A picture"), ("text", "See this.")):
        page.fill(f"#{name}", text)
    page.set_input_files("#file", {"name": "灯.png", "mimeType": "image/png", "buffer": PNG})
    page.click("button")
    assert "That was quick!" in page.inner_text("main")  # a script would have done its work by now
    assert page.is_checked("[name=upload]")
    pass_time(desk_url)
    page.click("button")
    assert "Thank you, we have it." in page.inner_text("main")


def test_a_browser_sends_files_to_the_bucket_and_does_its_work_while_somebody_writes(
    browser: "Browser", desk_url: str
) -> None:
    """The bucket is another origin: the page's policy and the bucket's rule must both let the files through."""
    context = browser.new_context(base_url=desk_url, locale="en-GB")
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/help")
    for name, text in (("email", "lee@customer.example"), ("subject", "Two files"), ("text", "See these.")):
        page.fill(f"#{name}", text)
    names = ("lamp.png", "灯.png", "virus.exe")
    files: list[FilePayload] = [{"name": name, "mimeType": "image/png", "buffer": PNG} for name in names]
    page.set_input_files("#file", files)
    assert "we don't take files of this kind" in page.inner_text("[data-told]")
    page.locator("[name=upload]").nth(1).wait_for(state="attached")
    assert "virus.exe is left out" in page.inner_text("[data-told]")  # still, though the others are ready
    page.click("text=Remove >> nth=0")
    page.click("button[type=submit]")
    page.wait_for_selector("text=Thank you, we have it.")
    ref = page.inner_text("main").split("reference is ")[1][:9]
    context.close()
    asked = Request(f"{desk_url}/v1/tickets/{ref}/messages", headers={"Authorization": "Bearer pd_local_key"})
    with urlopen(asked, timeout=10) as answer:
        [message] = json.loads(answer.read())["items"]
    assert [(file["filename"], file["content_type"]) for file in message["attachments"]] == [("灯.png", "image/png")]
    assert complaints == []


@pytest.mark.parametrize("path", ["/help", "survey", "ticket", "/s/forged"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_of_the_screen(page: "Page", desk_url: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    links = {"survey": "/s/", "ticket": "/t/"}
    page.goto(mailed_link(desk_url, links[path]) if path in links else path)
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_the_outbox_can_be_read_in_a_browser(page: "Page") -> None:
    page.goto("/_local/outbox")
    assert "sent" in page.inner_text("h1")
