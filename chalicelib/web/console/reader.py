"""How somebody wants to read: their language, time zone and colours, kept in a cookie of their browser."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_time, format_timedelta, get_day_names
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from chalicelib.web.call import Call
from chalicelib.web.pages.render import LANGUAGES, language_of

COOKIE = "pennydesk_reader"
COOKIE_SECONDS = 365 * 86400
THEMES = ("auto", "light", "dark")
LOCALES = {"en": "en", "zh": "zh_Hans_CN"}


@dataclass(frozen=True)
class Reader:
    """One reader's wishes. `zone` is an IANA name; `keys` are those of a single letter (WCAG 2.2, 2.1.4)."""

    language: str
    zone: str
    theme: str = "auto"
    keys: bool = True

    @cached_property
    def locale(self) -> Locale:
        """The locale by which dates and numbers are written."""
        return Locale.parse(LOCALES[self.language])

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def moment(self, at: datetime) -> str:
        """Give an instant in the reader's own time, to the minute."""
        return format_datetime(at, "medium", self._zone, self.locale)

    def by_clock(self, at: datetime, now: datetime) -> str:
        """Give an instant as the clock on the wall tells it, with its day unless that is today: `Mon 23 Nov, 09:00`."""
        local = at.astimezone(self._zone)
        if local.date() == now.astimezone(self._zone).date():
            return f"{local:%H:%M}"
        return format_datetime(
            local, "EEE d MMM, HH:mm" if self.language == "en" else "M月d日EEE HH:mm", None, self.locale
        )

    def brief(self, at: datetime, now: datetime) -> str:
        """Give an instant as short as its distance allows: the time of today, else the day, else the date."""
        local, today = at.astimezone(self._zone), now.astimezone(self._zone)
        if local.date() == today.date():
            return format_time(local, "short", self._zone, self.locale)
        if local.year == today.year:
            return format_date(local, "d MMM" if self.language == "en" else "M月d日", self.locale)
        return format_date(local, "short", self.locale)

    def ahead(self, at: datetime) -> str:
        """Give an instant that lies ahead, to the minute, with its weekday: `Mon, 23 Nov, 09:00`."""
        local = at.astimezone(self._zone)
        day = format_date(local, "EEE, d MMM" if self.language == "en" else "M月d日EEE", self.locale)
        return f"{day}{', ' if self.language == 'en' else ' '}{format_time(local, 'short', self._zone, self.locale)}"

    def day(self, day: date) -> str:
        """Give a date."""
        return format_date(day, "medium", self.locale)

    def country(self, code: str) -> str:
        """Give the name of a country (ISO 3166-1, two letters) in the reader's language."""
        return str(self.locale.territories.get(code, code))

    def weekday_of(self, day: date) -> str:
        """Give a date's weekday and day: `Mon 23 Nov`."""
        return format_date(day, "EEE d MMM" if self.language == "en" else "M月d日 EEE", self.locale)

    def brief_day(self, day: date) -> str:
        """Give a date without its year, as short as it is under a chart."""
        return format_date(day, "d MMM" if self.language == "en" else "M/d", self.locale)

    def month(self, day: date) -> str:
        """Give the month of a date, with its year."""
        return format_date(day, "MMM y" if self.language == "en" else "y年M月", self.locale)

    def days(self, first: date, last: date) -> str:
        """Give the days from one to another: `Nov 2 – 8, 2026`."""
        return self.day(first) if first == last else format_interval(first, last, "yMMMd", locale=self.locale)

    def weekday(self, number: int) -> str:
        """Give a weekday's short name; Monday is 0."""
        return str(get_day_names("abbreviated", locale=self.locale)[number])

    def ago(self, at: datetime, now: datetime) -> str:
        """Give how long ago an instant was, or in how long it will be."""
        return format_timedelta(at - now, add_direction=True, locale=self.locale, format="short")

    def length(self, seconds: float) -> str:
        """Give a length of time in its two largest units: `1 hr 20 min`."""
        whole = max(0, round(seconds))
        if whole < 3600:
            parts = [whole // 60 * 60, whole % 60 if whole < 600 else 0]
        elif whole < 86400:
            parts = [whole // 3600 * 3600, whole % 3600 // 60 * 60]
        else:
            parts = [whole // 86400 * 86400, whole % 86400 // 3600 * 3600]
        shown = [part for part in parts if part] or [whole]
        # a threshold no share reaches keeps every unit exact: 80 minutes never become "1 hour"
        return " ".join(format_timedelta(part, threshold=1, locale=self.locale, format="short") for part in shown)

    def number(self, value: float) -> str:
        """Give a number with the reader's separators."""
        if isinstance(value, int) and 0 <= value < 1000:
            return str(value)  # the same in each language, and most of what a report says
        return format_decimal(value, locale=self.locale)

    def money(self, minor: int, currency: str) -> str:
        """Give an amount in minor units of a currency (ISO 4217) as the reader writes it."""
        amount = Decimal(minor).scaleb(-get_currency_precision(currency))
        return format_currency(amount, currency, locale=self.locale)

    def dollars(self, picodollars: int, places: int = 2) -> str:
        """Give an amount of US dollars, in which AWS bills, with so many decimal places."""
        amount = Decimal(picodollars).scaleb(-12)
        pattern = f"¤#,##0.{'0' * places}"
        return format_currency(amount, "USD", pattern, locale=self.locale, currency_digits=False)

    def tongue(self, code: str) -> str:
        """Give the name of a language (ISO 639-1) in the reader's."""
        return str(self.locale.languages.get(code, code))

    def percent(self, share: float) -> str:
        """Give a share from 0 to 1 as a percentage."""
        return format_percent(share, "#,##0.#%", locale=self.locale)

    def signed(self, value: float) -> str:
        """Give a number with its sign: `+3.5`."""
        return format_decimal(value, "+#,##0.#;−#,##0.#" if value else "0", locale=self.locale)

    def change(self, share: float) -> str:
        """Give by which part something grew or shrank: `+12.5%`."""
        return format_percent(share, "+#,##0.#%;−#,##0.#%" if share else "0%", locale=self.locale)


def reader_of(call: Call) -> Reader:
    """Give the reader of a page: what they chose, else what their browser asks for, else the desk's own ways."""
    language, zone, theme, keys = (*call.cookie(COOKIE).split("."), "", "", "", "")[:4]
    settings = call.desk.settings.load()
    chosen = call.query.get("lang", language)
    return Reader(
        language=chosen if chosen in LANGUAGES else language_of(call, settings.language),
        zone=known_zone(zone.replace("~", "/")) or str(settings.business_calendar.timezone) or "UTC",
        theme=theme if theme in THEMES else "auto",
        keys=keys != "off",
    )


def known_zone(name: str) -> str:
    """Give the name of an IANA time zone, or an empty string for what is none."""
    return name if name and name in zone_names() else ""


@cache
def zone_names() -> Set[str]:
    """Give the names of all time zones (IANA): gathered from hundreds of files, so once in a process."""
    return available_timezones()


def remembered(call: Call, reader: Reader) -> str:
    """Give the Set-Cookie value that keeps a reader's wishes."""
    value = ".".join((reader.language, reader.zone.replace("/", "~"), reader.theme, "on" if reader.keys else "off"))
    secure = "; Secure" if call.secure else ""
    return f"{COOKIE}={value}; Path=/; SameSite=Lax; Max-Age={COOKIE_SECONDS}{secure}"
