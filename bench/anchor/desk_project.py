"""A Django project that holds django-helpdesk and as little else as it runs with, in a folder of its own."""

import os
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.anchor.installation import Installation

URLS = """\
from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
"""
OPEN_QUEUE = """\
import sys

import django

django.setup()

from helpdesk.models import EmailTemplate, Queue

if "without mail" in sys.argv:
    EmailTemplate.objects.all().delete()
print(Queue.objects.create(title="Support", slug="support", allow_public_submission=True).pk)
"""
TICKETS = """
SELECT count(DISTINCT ticket.id), count(nullif(followup.email_recipients, '[]')) FROM helpdesk_ticket AS ticket
JOIN helpdesk_followup AS followup ON followup.ticket_id = ticket.id
WHERE ticket.queue_id = ? AND ticket.title LIKE ? || '%'
"""


@dataclass(frozen=True)
class Created:
    """Tickets that have their opening follow-up, and how many of those tell that a mail was handed over."""

    tickets: int
    mails: int


@dataclass(frozen=True)
class DeskProject:
    """A migrated project whose queue `queue` takes tickets from anybody."""

    installation: Installation
    folder: Path
    queue: int

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables its processes get: no proxies, no webhooks, nothing of the caller's."""
        return project_environment(self.folder)

    def created(self, title: str) -> Created:
        """What the database holds of the tickets whose title starts with `title`."""
        with closing(sqlite3.connect(self.folder / "desk.sqlite3")) as database:
            tickets, mails = database.execute(TICKETS, (self.queue, title)).fetchone()
        return Created(int(tickets), int(mails))


def make_project(installation: Installation, folder: Path, *, mail: bool) -> DeskProject:
    """Make the project in the empty `folder`; without `mail`, take away the mail texts that its migrations bring.

    With no text django-helpdesk writes no mail; with one it renders the mail and hands it to a backend that drops it.
    Raises subprocess.SubprocessError when Django refuses.
    """
    folder.joinpath("desk_settings.py").write_text(_as_module(desk_settings(folder)))
    folder.joinpath("desk_urls.py").write_text(URLS)
    environment = project_environment(folder)
    installation.run("-m", "django", "migrate", "--verbosity", "0", environment=environment)
    wanted = "with mail" if mail else "without mail"
    queue = installation.run("-c", OPEN_QUEUE, wanted, environment=environment)
    return DeskProject(installation, folder, int(queue))


def project_environment(folder: Path) -> dict[str, str]:
    """The environment variables for processes of the project in `folder`."""
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(folder),
        "DJANGO_SETTINGS_MODULE": "desk_settings",
    }


def desk_settings(folder: Path) -> dict[str, object]:
    """The settings, by name: what django-helpdesk asks for, else whatever costs it least."""
    contrib = ["admin", "auth", "contenttypes", "sessions", "messages", "sites", "staticfiles", "humanize"]
    return {
        "SECRET_KEY": secrets.token_urlsafe(40),
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "INSTALLED_APPS": [*(f"django.contrib.{app}" for app in contrib), "helpdesk", "rest_framework"],
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        "ROOT_URLCONF": "desk_urls",
        "TEMPLATES": [_templates()],
        "DATABASES": {"default": _database(folder)},
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "LOGGING": {"version": 1, "root": {"level": "ERROR"}, "loggers": {"helpdesk": {"level": "ERROR"}}},
        "STATIC_URL": "/static/",
        "SITE_ID": 1,
        "USE_TZ": True,
        "HELPDESK_TEAMS_MODE_ENABLED": False,
    }


def _templates() -> dict[str, object]:
    loaders = ["django.template.loaders.app_directories.Loader"]
    processors = [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": processors,
            "loaders": [("django.template.loaders.cached.Loader", loaders)],
        },
    }


def _database(folder: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "desk.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
    }


def _as_module(settings: dict[str, object]) -> str:
    return "".join(f"{name} = {value!r}\n" for name, value in settings.items())
