"""Every address of the desk, as one table; handlers are imported when first called, so a worker pays for none.

The OpenAPI description, the docs and the tests are made from the same table.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Response

from chalicelib import telemetry, wiring
from chalicelib.web.chat.routes import CHAT
from chalicelib.web.console.routes import CONSOLE
from chalicelib.web.route import Route

if TYPE_CHECKING:
    from chalicelib.web.call import Answer, Call


PAGED = ("limit", "cursor")
TICKET, MESSAGE, EVENTS = "/v1/tickets/{ref}", "/v1/tickets/{ref}/messages", "/v1/tickets/{ref}/events"
TICKET_LIST = ("queue", "status", "priority", "assignee", "team", "customer", "tag", *PAGED)
TEMPLATE = "/v1/templates/{name}/{language}"
FOLLOW_UP = "/v1/tickets/{ref}/follow-ups/{follow_up}/done"
BY_PERSON = "/v1/tickets/{ref}/messages/{message_id}/by-person"
ADDRESS = "/v1/addresses/{email}"
CALENDAR = "/v1/calendars/{calendar_id}"
AGENT, TEAM, CUSTOMER, KEY = (
    "/v1/agents/{agent_id}",
    "/v1/teams/{team_id}",
    "/v1/customers/{customer_id}",
    "/v1/api-keys/{key_id}",
)

ROUTES = (
    Route("GET", "/v1/health", "api.desk:health", "Say that the desk is there", gives="Health"),
    Route("GET", "/v1/openapi.json", "api.desk:openapi", "Describe this API", gives="Anything"),
    Route("POST", "/v1/tickets", "api.tickets:create", "Open a ticket", "tickets:write", "NewTicket", "TicketDetail", 201, creates=True),
    Route("GET", "/v1/tickets", "api.tickets:listing", "List tickets", "tickets:read", gives="TicketPage", query=TICKET_LIST),
    Route("GET", TICKET, "api.tickets:get", "Read a ticket", "tickets:read", gives="TicketDetail"),
    Route("PATCH", TICKET, "api.tickets:change", "Change a ticket", "tickets:write", "TicketChange", "TicketDetail", versioned=True),
    Route("GET", MESSAGE, "api.tickets:messages", "Read a ticket's messages", "tickets:read", gives="MessagePage", query=PAGED),
    Route("POST", MESSAGE, "api.tickets:write", "Write a reply or a note", "tickets:write", "NewMessage", "Message", 201, creates=True),
    Route("GET", EVENTS, "api.tickets:events", "Read a ticket's history", "tickets:read", gives="EventPage", query=PAGED),
    Route("GET", "/v1/tickets/{ref}/sla", "api.tickets:clocks", "Explain a ticket's SLA clocks", "tickets:read", gives="Clocks"),
    Route("GET", "/v1/tickets/{ref}/surveys", "api.tickets:surveys", "Read a ticket's surveys", "tickets:read", gives="SurveyPage"),
    Route("POST", "/v1/tickets/{ref}/follow-ups", "api.tickets:follow_up", "Ask for something to be done", "tickets:write", "NewFollowUp", "TicketDetail", 201, creates=True),
    Route("POST", "/v1/tickets/{ref}/links", "api.tickets:link", "Link a ticket with another", "tickets:write", "NewLink", "TicketDetail"),
    Route("DELETE", "/v1/tickets/{ref}/links/{other}", "api.tickets:unlink", "Remove a link", "tickets:write", status=204),
    Route("POST", FOLLOW_UP, "api.tickets:follow_up_done", "Tick a follow-up off", "tickets:write", gives="TicketDetail"),
    Route("POST", "/v1/tickets/{ref}/snooze", "api.tickets:snooze", "Put a ticket away until a time", "tickets:write", "Snooze", "TicketDetail"),
    Route("POST", "/v1/tickets/{ref}/wake", "api.tickets:wake", "Bring it back", "tickets:write", gives="TicketDetail"),
    Route("POST", "/v1/tickets/{ref}/merge", "api.tickets:merge", "Make a ticket part of another", "tickets:write", "Merge", "TicketDetail", versioned=True),
    Route("POST", "/v1/tickets/{ref}/separate", "api.tickets:separate", "Undo a merge", "tickets:write", gives="TicketDetail", versioned=True),
    Route("POST", "/v1/tickets/{ref}/messages/{message_id}/split", "api.tickets:split", "Make a customer's message a ticket of its own", "tickets:write", "Split", "TicketDetail", 201),
    Route("POST", BY_PERSON, "api.tickets:by_person", "Say that a person wrote what looked automatic", "tickets:write", gives="TicketDetail"),
    Route("GET", "/v1/surveys", "api.tickets:every_survey", "Read surveys, newest first", "tickets:read", gives="SurveyPage", query=PAGED),
    Route("GET", "/v1/search", "api.search:search", "Find tickets by what was said on them", "tickets:read", gives="SearchPage", query=("q", *PAGED)),
    Route("GET", "/v1/customers", "api.customers:find", "Find the customer of an address", "customers:read", gives="CustomerPage", query=("email",)),
    Route("GET", CUSTOMER, "api.customers:get", "Read a customer", "customers:read", gives="Customer"),
    Route("PATCH", CUSTOMER, "api.customers:change", "Change a customer", "customers:write", "CustomerChange", "Customer", versioned=True),
    Route("GET", f"{CUSTOMER}/summary", "api.customers:summary", "Sum up a customer's latest tickets", "customers:read", gives="CustomerSummary"),
    Route("GET", f"{CUSTOMER}/notes", "api.customers:notes", "Read what was written down about a customer", "customers:read", gives="CustomerNoteList"),
    Route("POST", f"{CUSTOMER}/notes", "api.customers:note", "Write something down about a customer", "customers:write", "NewCustomerNote", "CustomerNote", 201, creates=True),
    Route("DELETE", f"{CUSTOMER}/notes/{{note_id}}", "api.customers:forget", "Forget that again", "customers:write", status=204),
    Route("POST", f"{CUSTOMER}/merge", "api.customers:merge", "Make two customers one", "customers:write", "CustomerMerge", "Customer", versioned=True),
    Route("POST", f"{CUSTOMER}/separate", "api.customers:separate", "Undo that", "customers:write", "CustomerSeparation", "Customer", versioned=True),
    Route("GET", ADDRESS, "api.addresses:read", "Read what is known against an address", "customers:read", gives="AddressMark"),
    Route("DELETE", ADDRESS, "api.addresses:lift", "Write to an address again", "customers:write", status=204),
    Route("GET", "/v1/agents", "api.people:agents", "List agents", "people:read", gives="AgentList"),
    Route("POST", "/v1/agents", "api.people:add_agent", "Take an agent in", "people:write", "NewAgent", "Agent", 201, creates=True),
    Route("GET", AGENT, "api.people:agent", "Read an agent", "people:read", gives="Agent"),
    Route("PATCH", AGENT, "api.people:change_agent", "Change an agent", "people:write", "AgentChange", "Agent", versioned=True),
    Route("POST", f"{AGENT}/invitation", "api.people:invite", "Invite an agent to sign in, again", "people:write", status=204),
    Route("GET", "/v1/teams", "api.people:teams", "List teams", "people:read", gives="TeamList"),
    Route("POST", "/v1/teams", "api.people:add_team", "Found a team", "people:write", "NewTeam", "Team", 201, creates=True),
    Route("GET", TEAM, "api.people:team", "Read a team", "people:read", gives="Team"),
    Route("PATCH", TEAM, "api.people:change_team", "Change a team", "people:write", "TeamChange", "Team", versioned=True),
    Route("GET", "/v1/settings", "api.desk:settings", "Read the settings", "settings:read", gives="Settings"),
    Route("PATCH", "/v1/settings", "api.desk:change_settings", "Change settings", "settings:write", "SettingsChange", "Settings", versioned=True),
    Route("GET", "/v1/templates", "api.mail:templates", "List the templates of mails", "settings:read", gives="TemplateList"),
    Route("GET", TEMPLATE, "api.mail:template", "Read a template", "settings:read", gives="Template"),
    Route("PUT", TEMPLATE, "api.mail:change_template", "Change a template", "settings:write", "TemplateChange", "Template", versioned=True),
    Route("DELETE", TEMPLATE, "api.mail:drop", "Go back to the desk's own template", "settings:write", status=204),
    Route("POST", f"{TEMPLATE}/preview", "api.mail:preview", "Show what a template comes to", "settings:read", "TemplateDraft", "TemplatePreview"),
    Route("POST", "/v1/uploads", "api.mail:upload", "Give a place for a file of a message", "tickets:write", "NewUpload", "Upload", 201),
    Route("GET", "/v1/calendars", "api.calendars:every", "List calendars", "settings:read", gives="CalendarList"),
    Route("GET", CALENDAR, "api.calendars:get", "Read a calendar", "settings:read", gives="Calendar"),
    Route("PUT", CALENDAR, "api.calendars:put", "Make or replace a calendar", "settings:write", "CalendarHours", "Calendar", versioned=True),
    Route("DELETE", CALENDAR, "api.calendars:delete", "Remove a calendar", "settings:write", status=204, versioned=True),
    Route("GET", f"{CALENDAR}/openings", "api.calendars:openings", "Show when a calendar is open", "settings:read", gives="Openings", query=("from", "to")),
    Route("POST", f"{CALENDAR}/holidays/public", "api.calendars:take_public", "Take a country's public holidays", "settings:write", "PublicHolidays", "HolidaysTaken", versioned=True),
    Route("POST", f"{CALENDAR}/holidays/import", "api.calendars:take_file", "Take holidays from an iCalendar file", "settings:write", "CalendarFile", "HolidaysTaken", query=("name", "dry_run"), versioned=True),
    Route("GET", "/v1/public-holidays", "api.calendars:countries", "List countries whose holidays are known", "settings:read", gives="HolidayCountries"),
    Route("GET", "/v1/sla/policies", "api.sla:policies", "Read the SLA policies", "settings:read", gives="SlaPolicyList"),
    Route("PUT", "/v1/sla/policies", "api.sla:replace_policies", "Replace the SLA policies", "settings:write", "NewSlaPolicies", "SlaPolicyList", versioned=True),
    Route("POST", "/v1/sla/preview", "api.sla:preview", "Preview other policies or calendars", "settings:read", "SlaProposal", "SlaPreview", query=PAGED),
    Route("POST", "/v1/sla/apply", "api.sla:apply", "Apply the policies to open tickets at once", "settings:write", gives="SlaApplied", query=PAGED),
    Route("GET", "/v1/sla/at-risk", "api.sla:at_risk", "List promises in danger", "tickets:read", gives="AtRiskPage", query=("within", *PAGED)),
    Route("GET", "/v1/sla/webhooks", "api.sla:webhooks", "Show webhooks' secrets", "settings:write", gives="WebhookList"),
    Route("POST", "/v1/automations/preview", "api.automations:preview", "Try rules on the open tickets", "settings:read", "AutomationsProposal", "AutomationPreview"),
    Route("POST", "/v1/automations/apply", "api.automations:apply", "Tell open tickets of rules about silence", "settings:write", gives="AutomationsTold", query=PAGED),
    Route("GET", "/v1/scenarios", "api.automations:scenarios", "List scenario plans as they stand", "settings:read", gives="ScenarioList"),
    Route("GET", "/v1/api-keys", "api.desk:keys", "List API keys", "keys:write", gives="ApiKeyList"),
    Route("POST", "/v1/api-keys", "api.desk:issue_key", "Make an API key", "keys:write", "NewApiKey", "IssuedApiKey", 201),
    Route("DELETE", KEY, "api.desk:revoke_key", "Remove an API key", "keys:write", status=204),
    Route("GET", "/v1/audit", "api.audit:log", "Read who changed what of the desk", "audit:read", gives="AuditPage", query=("from", "to", "by", "area", *PAGED)),
    Route("GET", "/v1/reports/summary", "api.desk:summary", "Sum up a stretch of time", "reports:read", gives="Summary", query=("from", "to")),
    Route("GET", "/v1/spending", "api.spending:spending", "Read what a month costs", "reports:read", gives="Spending", query=("month",)),
    Route("GET", "/v1/reports/sla", "api.sla:report", "Report kept and broken promises", "reports:read", gives="SlaReport", query=("from", "to")),
    Route("GET", "/", "pages.help:front", "Lead visitors to the form"),
    Route("GET", "/help", "pages.help:show", "The public form"),
    Route("POST", "/help", "pages.help:send", "Take in a request from the public form"),
    Route("POST", "/help/uploads", "pages.help:offer", "Give the form's script the place for a file"),
    Route("GET", "/s/{token}", "pages.survey:show", "A survey's page; records nothing"),
    Route("POST", "/s/{token}", "pages.survey:rate", "Record a rating"),
    Route("GET", "/t/{token}", "pages.ticket:show", "A ticket's page for its customer; records nothing"),
    Route("POST", "/t/{token}", "pages.ticket:send", "Take in what a customer writes there, or that it is solved"),
    Route("POST", "/t/{token}/uploads", "pages.ticket:offer", "Give that page's script the place for a file"),
    Route("GET", "/static/{name}", "static_files:get", "A style sheet or script, named by its content"),
    *CHAT,
    *CONSOLE,
    Route("GET", "/u/{token}", "pages.unsubscribe:show", "A page to refuse surveys; records nothing"),
    Route("POST", "/u/{token}", "pages.unsubscribe:decide", "Refuse surveys, or have them again"),
    Route("GET", "/files/{token}", "pages.files:fetch", "Lead on to a file that was too large for its mail"),
)  # fmt: skip

blueprint = Blueprint(__name__)


@cache
def handler_of(route: Route) -> "Callable[[Call], Answer]":
    """Give the function that answers a route."""
    module, _, name = route.handler.partition(":")
    handler: Callable[[Call], Answer] = getattr(import_module(f"chalicelib.web.{module}"), name)
    return handler


def _view(route: Route) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        from chalicelib.web.dispatch import respond

        request, context = blueprint.current_request, blueprint.lambda_context
        with telemetry.metrics_of("api", context), wiring.answering(context):
            answer = respond(route, handler_of, wiring.desk(), request, path, context)
        return _sent(answer)

    view.__name__ = f"{route.method.lower()}_{route.handler.rpartition('.')[2].replace(':', '_')}"
    return view


def _sent(answer: "Answer") -> Response:
    return Response(body=answer.body, status_code=answer.status, headers=dict(answer.headers))


def _in_our_words(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Chalice's middleware: what it refuses by itself, a method that a path lacks, is said as problem details too."""
    response = get_response(event)
    if isinstance(response.body, str):
        return response
    from chalicelib.web.dispatch import refusal

    return _sent(refusal(response.status_code, response.headers))


def _register(routes: tuple[Route, ...]) -> None:
    register: Any = blueprint.route
    for route in routes:
        # mail scanners and link checkers ask for the head of a page (RFC 9110, 9.3.2)
        methods = ["GET", "HEAD"] if route.page and route.method == "GET" else [route.method]
        # every media type is let in: dispatch refuses the wrong ones in the words of problem details
        register(route.path, methods=methods, content_types=["*/*"])(_view(route))
    blueprint.middleware("http")(_in_our_words)


_register(ROUTES)
