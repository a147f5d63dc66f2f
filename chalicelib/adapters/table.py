"""The table `desk` as the entities' adapters use it: plain values in and out, conditions, pages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from chalicelib.adapters.aws import brief_failures, error_code
from chalicelib.domain.errors import StaleVersion, TryAgain

Item = dict[str, Any]
RawItem = Mapping[str, Any]
"""An item as DynamoDB sends it, to be unpacked where it is wanted."""

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

BATCH = 100
"""Most keys of one BatchGetItem."""

NEW = "attribute_not_exists(pk)"
"""The condition that nothing lies under a key yet."""


PASSING_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Why a transaction is cancelled that may succeed in a moment."""


class ConditionFailed(Exception):
    """What a write was conditional on doesn't hold."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an item among several that are made together; `names` stand for reserved words."""

    pk: str
    sk: str
    expression: str
    values: Mapping[str, Any]
    condition: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Put:
    """One item that is written among several changes that are made together."""

    item: Mapping[str, Any]
    condition: str = ""
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """One item that is removed among them, which has to be there."""

    pk: str
    sk: str


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give plain values in DynamoDB's form. None and empty collections and strings are left out."""
    return {name: _serialize(value) for name, value in values.items() if value not in (None, "", (), [], {}, set())}


def next_of(item: Mapping[str, Any]) -> Put:
    """Give the write of an item as the next of its `version`, from 1 on, if the one before it is what is kept."""
    known = item["version"] - 1
    return Put(item, "version = :known", {":known": known}) if known else Put(item, NEW)


def _serialized(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in values.items()}


def unpacked(item: Mapping[str, Any]) -> Item:
    """Give an item as plain values; numbers are Decimals."""
    return {name: _deserialize(value) for name, value in item.items()}


class Table:
    """One DynamoDB table with keys pk and sk, reached by one client."""

    def __init__(self, client: Any, name: str) -> None:
        """`client` is a boto3 DynamoDB client."""
        self.client = client
        self.name = name

    def get(self, pk: str, sk: str) -> Item | None:
        """Give the item under a key as it stands now (a consistent read), or None."""
        with brief_failures():
            answer = self.client.get_item(
                TableName=self.name, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
            )
        return unpacked(answer["Item"]) if "Item" in answer else None

    def glance(self, pk: str, sk: str) -> Item | None:
        """Give the item under a key as it stood a moment ago, or None: at half the price of `get`."""
        with brief_failures():
            answer = self.client.get_item(TableName=self.name, Key={"pk": {"S": pk}, "sk": {"S": sk}})
        return unpacked(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[tuple[str, str]], *, consistent: bool = False) -> Iterator[Item]:
        """Give the items under many keys, those that are there and in any order, as they stood a moment ago, or with
        `consistent` as they stand now.

        One BatchGetItem takes a hundred keys, and gives at most 16 MB: what it leaves out is asked for again
        (DynamoDB API reference, "BatchGetItem"). Raises TryAgain where it gives nothing at all.
        """
        waiting = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in dict.fromkeys(keys)]
        while waiting:
            asked, waiting = waiting[:BATCH], waiting[BATCH:]
            with brief_failures():
                answer = self.client.batch_get_item(
                    RequestItems={self.name: {"Keys": asked, "ConsistentRead": consistent}}
                )
            found = answer["Responses"].get(self.name, [])
            left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            if left and not found:
                raise TryAgain("the table is busy; try again in a moment")
            waiting = [*left, *waiting]
            yield from (unpacked(item) for item in found)

    def put(self, item: Mapping[str, Any], condition: str = "", values: Mapping[str, Any] | None = None) -> None:
        """Write an item. Raises ConditionFailed."""
        request: dict[str, Any] = {"TableName": self.name, "Item": packed(item)}
        self._write(self.client.put_item, request, condition, values)

    def put_next(self, item: Mapping[str, Any], refusal: str) -> None:
        """Write an item as the next of its `version`, from 1 on. Raises StaleVersion, saying `refusal`, where the one
        before it isn't what is kept."""
        write = next_of(item)
        try:
            self.put(write.item, write.condition, write.values)
        except ConditionFailed:
            raise StaleVersion(refusal, "version") from None

    def update(
        self,
        pk: str,
        sk: str,
        expression: str,
        values: Mapping[str, Any],
        condition: str = "",
        names: Mapping[str, str] | None = None,
    ) -> Item:
        """Change an item and give it as it then is; `names` stand for reserved words. Raises ConditionFailed."""
        request: dict[str, Any] = {
            "TableName": self.name,
            "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
            "UpdateExpression": expression,
            "ReturnValues": "ALL_NEW",
            **({"ExpressionAttributeNames": dict(names)} if names else {}),
        }
        answer = self._write(self.client.update_item, request, condition, values)
        return unpacked(answer.get("Attributes", {}))

    def write_together(self, writes: Sequence[Change | Put | Delete]) -> None:
        """Make all of these writes, or none. Raises ConditionFailed where one of the conditions doesn't hold.

        A cancelled transaction says for each write why (DynamoDB API reference, "TransactWriteItems"). One that is sent
        again, since its answer was lost, is told apart by the token that boto3 gives it.
        """
        try:
            with brief_failures():
                self.client.transact_write_items(TransactItems=[self._together(write) for write in writes])
        except ClientError as error:
            reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", ())}
            if "ConditionalCheckFailed" in reasons:
                raise ConditionFailed from error
            if reasons & PASSING_REASONS:
                raise TryAgain("the table is busy; try again in a moment") from error
            raise

    def _together(self, write: Change | Put | Delete) -> dict[str, Any]:
        if isinstance(write, Put):
            condition = {"ConditionExpression": write.condition} if write.condition else {}
            values = {"ExpressionAttributeValues": _serialized(write.values)} if write.values else {}
            return {"Put": {"TableName": self.name, "Item": packed(write.item), **condition, **values}}
        key = {"TableName": self.name, "Key": {"pk": {"S": write.pk}, "sk": {"S": write.sk}}}
        if isinstance(write, Delete):
            return {"Delete": {**key, "ConditionExpression": "attribute_exists(pk)"}}
        return {
            "Update": {
                **key,
                "UpdateExpression": write.expression,
                "ExpressionAttributeNames": dict(write.names),
                "ExpressionAttributeValues": _serialized(write.values),
                "ConditionExpression": write.condition,
            }
        }

    def delete(self, pk: str, sk: str) -> None:
        """Remove what lies under a key, if anything does."""
        with brief_failures():
            self.client.delete_item(TableName=self.name, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def query(self, condition: str, values: Mapping[str, Any], **more: Any) -> Iterator[Item]:
        """Give all items that a key condition matches, or the first `Limit`, page by page as they are asked for.

        A page ends at 1 MB, however few items that are (DynamoDB developer guide, "paginating table query results").
        """
        request = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": packed(values),
            **more,
        }
        while True:
            with brief_failures():
                answer = self.client.query(**request)
            yield from (unpacked(item) for item in answer["Items"])
            if "Limit" in request:
                request["Limit"] -= len(answer["Items"])
            if "LastEvaluatedKey" not in answer or request.get("Limit") == 0:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def first_page(self, condition: str, values: Mapping[str, Any], **more: Any) -> tuple[list[RawItem], bool]:
        """Give the first page of what a key condition matches, as it was sent, and whether there is more: one call."""
        with brief_failures():
            answer = self.client.query(
                TableName=self.name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=packed(values),
                **more,
            )
        return answer["Items"], "LastEvaluatedKey" in answer

    def _write(
        self, call: Any, request: dict[str, Any], condition: str, values: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = _serialized(values)
        try:
            with brief_failures():
                answer: dict[str, Any] = call(**request)
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                raise ConditionFailed from error
            raise
        return answer


def shard_of(key: str, shards: int) -> int:
    """Give the shard of a spread partition that a key belongs to, always the same one."""
    return sum(key.encode()) % shards


def shards_of(name: str, shards: int) -> Iterable[str]:
    """Give the partitions over which `name` is spread."""
    return [f"{name}#{shard}" for shard in range(shards)]
