"""The event that API Gateway hands to a function for an HTTP request (REST API, Lambda proxy integration).

docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


def proxy_event(
    method: str, resource: str, path: Mapping[str, str], target: str, headers: Mapping[str, str], body: str | None
) -> dict[str, Any]:
    """Give the event of a request to `target` (path and query), which the route `resource` answers."""
    parts = urlsplit(target)
    query = parse_qsl(parts.query)
    return {
        "resource": resource,
        "path": parts.path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query} or None,
        "pathParameters": dict(path) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/api{parts.path}",
            "stage": "api",
            "protocol": "HTTP/1.1",
            "requestId": "00000000-0000-4000-8000-000000000000",
            "domainName": "desk.execute-api.us-east-1.amazonaws.com",
            "identity": {"sourceIp": "192.0.2.7", "userAgent": headers.get("user-agent", "")},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def api_event(method: str, resource: str, path: Mapping[str, str], key: str, **more: Any) -> dict[str, Any]:
    """Give the event of an API request that bears a key; `more` may name `query`, `json` and further `headers`."""
    target = resource.format(**path) + (f"?{urlencode(more['query'])}" if "query" in more else "")
    headers = {"authorization": f"Bearer {key}", "accept": "application/json", **more.get("headers", {})}
    if "json" not in more:
        return proxy_event(method, resource, path, target, headers, None)
    headers["content-type"] = "application/json"
    return proxy_event(method, resource, path, target, headers, json.dumps(more["json"]))


def form_event(resource: str, path: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, Any]:
    """Give the event of a form that a browser sends."""
    headers = {"content-type": FORM, "accept": "text/html,*/*;q=0.8", "accept-language": "en-GB,en;q=0.7"}
    return proxy_event("POST", resource, path, resource.format(**path), headers, urlencode(fields))
