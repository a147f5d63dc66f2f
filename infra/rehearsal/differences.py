"""Where the emulator's permissions differ from AWS's, and the deployed policies are bent for it.

What is bent here is held by the tests that match the story's recorded calls against the policies as AWS reads them.
"""

import json
from typing import Any

from infra.rehearsal.desk import Desk


def lift_what_the_emulator_does_not_know(desk: Desk) -> None:
    """Change the deployed roles' policies in two places.

    The emulator knows neither the condition key ses:FromAddress nor which identity a mail is sent by, and would refuse
    every mail. It wants an action of its own for SendMessageBatch, which AWS grants with sqs:SendMessage (SQS developer
    guide, "API permissions reference").
    """
    iam: Any = desk.session.client("iam")
    functions: Any = desk.session.client("lambda")
    for output in ("OnWorkName", "EveryMinuteName"):
        found = functions.get_function_configuration(FunctionName=desk.stack.outputs[output])
        role = found["Role"].rpartition("/")[2]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for statement in document["Statement"]:
                _bend(statement)
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _bend(statement: dict[str, Any]) -> None:
    if "ses:FromAddress" in str(statement.get("Condition")):
        del statement["Condition"]
        statement["Resource"] = "*"
    if "sqs:SendMessage" in statement["Action"]:
        statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]
