"""A reader chooses language, colours, time zone and whether keys work; their browser remembers."""

from dataclasses import replace

from chalicelib.web.call import Answer, Call
from chalicelib.web.console import session
from chalicelib.web.console.page import seen_elsewhere
from chalicelib.web.console.reader import THEMES, known_zone, reader_of, remembered
from chalicelib.web.pages.render import LANGUAGES


def save(call: Call) -> Answer:
    """Remember what was chosen, and show the page again that it was chosen on."""
    session.refuse_foreign_forms(call)
    form, reader = call.form(), reader_of(call)
    if form.get("language") in LANGUAGES:
        reader = replace(reader, language=form["language"])
    if form.get("theme") in THEMES:
        reader = replace(reader, theme=form["theme"])
    if form.get("keys") in ("on", "off"):
        reader = replace(reader, keys=form["keys"] == "on")
    if zone := known_zone(form.get("zone", "")):
        reader = replace(reader, zone=zone)
    back = form.get("back", "")
    to = back if back.startswith("/console") and "\\" not in back else "/console"
    return seen_elsewhere(call, to, remembered(call, reader))
