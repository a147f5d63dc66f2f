"""Loaded by the emulator's function processes, never by Lambda: notes each AWS call with what it consumed.

It asks DynamoDB for the units of each call, and keeps the source of each mail that leaves, which the emulator doesn't
show. Python imports a module of this name by itself when it lies on PYTHONPATH (docs.python.org/3/library/site.html).
"""

import base64
import json
import os
import time
from typing import Any

FUNCTION, NOTES = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""), os.environ.get("PENNYDESK_WATCH_NOTES", "")


def _ask_for_units(params: dict[str, Any], model: Any, **_: Any) -> None:
    if model.service_model.service_name == "dynamodb" and "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _remember_mail(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    destination = params["Destination"]
    to = [*destination.get("ToAddresses", []), *destination.get("CcAddresses", [])]
    context["pennydesk_mail"] = {"mail": base64.b64encode(params["Content"]["Raw"]["Data"]).decode(), "to": to}


def _note(http_response: Any, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
    told = parsed.get("ConsumedCapacity", {})  # of several tables, a list
    units = sum(one.get("CapacityUnits", 0) for one in (told if isinstance(told, list) else [told]))
    error = parsed.get("Error", {}).get("Code", "") if http_response.status_code >= 400 else ""
    sent = {} if error else context.get("pennydesk_mail", {})
    _write(service=model.service_model.service_name, call=model.name, error=error, units=units, **sent)


def _write(**note: Any) -> None:
    with open(NOTES, "a", encoding="utf-8") as notes:
        notes.write(json.dumps({"at": time.time(), "function": FUNCTION, **note}) + "\n")


if FUNCTION and NOTES:
    import botocore.handlers

    botocore.handlers.BUILTIN_HANDLERS += [
        ("provide-client-params.dynamodb", _ask_for_units),
        ("provide-client-params.sesv2.SendEmail", _remember_mail),
        ("after-call", _note),
    ]
