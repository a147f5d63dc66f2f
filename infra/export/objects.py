"""What lies in the buckets: listed page by page, and copied where that is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from infra.stage import Refused


@dataclass(frozen=True, slots=True)
class Shelved:
    """One kind of objects: the bucket and prefix where they lie, the file that lists them, the folder for copies."""

    bucket: str
    prefix: str
    listing: str
    folder: str
    copied: bool


def list_page(s3: Any, shelved: Shelved, after: str | None, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Give the next objects after a key, as records, and whether there are more. `size` is in bytes."""
    place = {"StartAfter": after} if after else {}
    answer = s3.list_objects_v2(Bucket=shelved.bucket, Prefix=shelved.prefix, MaxKeys=limit, **place)
    found = [
        {"key": one["Key"], "size": one["Size"], "etag": one["ETag"].strip('"')} for one in answer.get("Contents", [])
    ]
    return found, bool(answer.get("IsTruncated"))


def place_of(folder: Path, key: str) -> Path:
    """Give where an object of this key lies below a folder. Raises Refused for a key that leads out of it."""
    parts = PurePosixPath(key).parts
    if not parts or key.startswith("/") or ".." in parts or "\0" in key:
        raise Refused(f"the object {key!r} has a key that can't be a file's name; move it away first")
    return folder.joinpath(*parts)


def copy_object(s3: Any, shelved: Shelved, record: Mapping[str, Any], folder: Path) -> None:
    """Copy an object's bytes to where its key says, unless a copy of its size lies there; never half of it."""
    path = place_of(folder / shelved.folder, record["key"])
    if path.exists() and path.stat().st_size == record["size"]:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f"{path.name}.part")
    with passing.open("wb") as file:
        for chunk in _chunks(s3, shelved.bucket, record["key"]):
            file.write(chunk)
    passing.chmod(0o600)
    passing.replace(path)


def _chunks(s3: Any, bucket: str, key: str) -> Iterator[bytes]:
    yield from s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(1 << 20)
