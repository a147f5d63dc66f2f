"""The console's addresses, as rows of the one table in web/routes.py."""

from chalicelib.web.route import Route

SIGN_IN, ACCOUNT = "/console/sign-in", "/console/account"
TICKET = "/console/tickets/{ref}"
CUSTOMER = "/console/customers/{customer_id}"

CONSOLE = (
    Route("GET", SIGN_IN, "console.sign_in:show", "The form for signing in"),
    Route("POST", SIGN_IN, "console.sign_in:enter", "Sign in"),
    Route("POST", "/console/sign-in/challenge", "console.sign_in:challenged", "Give what is asked beside the password"),
    Route("GET", "/console/password", "console.sign_in:forgotten", "The form for a forgotten password"),
    Route("POST", "/console/password", "console.sign_in:send_code", "Have a code mailed for a forgotten password"),
    Route("POST", "/console/password/new", "console.sign_in:reset", "Set a new password by such a code"),
    Route("POST", "/console/sign-out", "console.sign_in:leave", "Sign out, here or everywhere", role="agent"),
    Route("POST", "/console/preferences", "console.preferences:save", "Choose language, colours and time zone"),
    Route("GET", "/console", "console.inbox:show", "The inbox", role="agent"),
    Route("GET", "/console/rows", "console.inbox:rows", "The inbox's rows, if they changed", role="agent"),
    Route("POST", "/console/bulk", "console.bulk:change", "Change several tickets at once", role="agent"),
    Route("GET", "/console/search", "console.search:show", "Find a ticket or a customer", role="agent"),
    Route("GET", "/console/new", "console.new_ticket:show", "The form for a ticket written down for a customer", role="agent"),
    Route("POST", "/console/new", "console.new_ticket:write", "Write a ticket down for a customer", role="agent"),
    Route("GET", TICKET, "console.ticket:show", "A ticket", role="agent"),
    Route("POST", TICKET, "console.ticket:change", "Change a ticket", role="agent"),
    Route("GET", f"{TICKET}/news", "console.news:show", "What is new on a ticket that somebody looks at", role="agent"),
    Route("POST", f"{TICKET}/messages", "console.writing:write", "Write a reply or a note", role="agent"),
    Route("POST", f"{TICKET}/draft", "console.writing:keep", "Keep what is being written", role="agent"),
    Route("POST", f"{TICKET}/undo", "console.writing:undo", "Take an answer back that hasn't left yet", role="agent"),
    Route("POST", f"{TICKET}/snooze", "console.snoozing:snooze", "Put a ticket away until a time, or bring it back", role="agent"),
    Route("POST", f"{TICKET}/links", "console.linking:change", "Link a ticket with another, or remove a link", role="agent"),
    Route("POST", f"{TICKET}/merge", "console.merging:merge", "Make a ticket a part of another", role="agent"),
    Route("POST", f"{TICKET}/separate", "console.merging:separate", "Undo that", role="agent"),
    Route("GET", f"{TICKET}/messages/{{message}}/html", "console.mail_frame:show", "A mail as it looked", role="agent"),
    Route(
        "GET",
        f"{TICKET}/messages/{{message}}/files/{{number}}",
        "console.mail_frame:file",
        "An attachment",
        role="agent",
    ),
    Route("GET", CUSTOMER, "console.customer:show", "Everything about a customer", role="agent"),
    Route("POST", CUSTOMER, "console.customer:change", "Change a customer", role="agent"),
    Route("POST", f"{CUSTOMER}/notes", "console.customer:note", "Write something down about them, or forget it", role="agent"),
    Route("POST", f"{CUSTOMER}/merge", "console.customer:merge", "Make two customers one", role="agent"),
    Route("POST", f"{CUSTOMER}/separate", "console.customer:separate", "Make them two again", role="agent"),
    Route("GET", "/console/reports", "console.reports:show", "How the desk does", role="lead"),
    Route("GET", "/console/reports/{name}", "console.reports:table", "A table of it as CSV, such as `volume.csv`", role="lead"),
    Route("GET", "/console/settings", "console.settings:front", "Leads to the first of the settings", role="admin"),
    Route("GET", "/console/settings/people", "console.people:show", "Agents and teams", role="admin"),
    Route("POST", "/console/settings/people/agents", "console.people:write_agent", "Invite or change an agent", role="admin"),
    Route("POST", "/console/settings/people/teams", "console.people:write_team", "Found or change a team", role="admin"),
    Route("GET", "/console/settings/keys", "console.keys:show", "The API keys", role="admin"),
    Route("POST", "/console/settings/keys", "console.keys:make", "Make an API key", role="admin"),
    Route("POST", "/console/settings/keys/{key_id}/revoke", "console.keys:revoke", "Revoke an API key", role="admin"),
    Route("GET", "/console/settings/audit", "console.audit:show", "The audit log", role="admin"),
    Route("GET", "/console/settings/{section}", "console.settings:show", "A section of the settings", role="admin"),
    Route("POST", "/console/settings/{section}", "console.settings:save", "Save it", role="admin"),
)  # fmt: skip
