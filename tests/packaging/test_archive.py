"""What is in the zip that Lambda unpacks."""

import json
import shutil
import zipfile
from email.parser import HeaderParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from infra.licenses import FILE, write_licenses
from infra.package import ROOT, SELDOM, Package, PackagingError, build, check_requirements, repack

ELF_MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}
"""e_machine of an ELF header, which is its 19th and 20th byte (System V ABI, gabi 4.1)."""
UNWELCOME = {"boto3", "botocore", "moto", "pytest", "pip", "setuptools", "tests", "infra", "bench", "docs"}


@pytest.fixture(scope="module")
def names(package: Package) -> list[str]:
    with zipfile.ZipFile(package.archive) as packed:
        return packed.namelist()


def test_app_and_chalice_are_in_it(names: list[str]) -> None:
    assert {"app.py", "chalice/app.py", "chalicelib/__init__.py"} <= set(names)


def test_neither_tests_nor_what_lambda_brings_are_in_it(names: list[str]) -> None:
    assert not UNWELCOME & {name.split("/")[0] for name in names}
    assert not any(folder in ("test", "tests") for name in names for folder in name.split("/")[:-1])


def test_the_documentation_to_which_settings_link_is_in_it(names: list[str]) -> None:
    written = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {name.rpartition("/")[2] for name in names if name.startswith("chalicelib/web/console/docs/")} == written


def test_every_module_has_bytecode_that_is_never_checked(package: Package, names: list[str]) -> None:
    modules = {name for name in names if name.endswith(".py") and not name.startswith(f"{SELDOM}/")}
    with zipfile.ZipFile(package.archive) as packed:
        compiled = {name: packed.read(name)[4:8] for name in names if name.endswith(".pyc")}
    assert len(compiled) == len(modules)
    assert set(compiled.values()) == {b"\x01\0\0\0"}, "PEP 552: hash-based, unchecked"


def test_native_modules_suit_the_function_s_processor(package: Package, functions: dict[str, dict[str, Any]]) -> None:
    [architecture] = {function["Architectures"][0] for function in functions.values()}
    with zipfile.ZipFile(package.archive) as packed:
        headers = {name: packed.read(name)[:20] for name in packed.namelist() if name.endswith(".so")}
    machines = {name: int.from_bytes(header[18:20], "little") for name, header in headers.items()}
    assert machines
    assert set(machines.values()) == {ELF_MACHINES[architecture]}


def test_native_modules_carry_nothing_for_debuggers(package: Package) -> None:
    with zipfile.ZipFile(package.archive) as packed:
        modules = {name: packed.read(name) for name in packed.namelist() if name.endswith(".so")}
    assert {name for name, module in modules.items() if b".debug_info\0" in module} == set()


def test_every_distribution_is_listed_with_its_licence(package: Package) -> None:
    with zipfile.ZipFile(package.archive) as packed:
        told = packed.read(FILE).decode("utf-8")
        metadata = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        headers = [HeaderParser().parsestr(packed.read(name).decode("utf-8")) for name in metadata]
        folders = {name.split("/")[0] for name in packed.namelist()}
        records = [
            packed.read(name).decode("utf-8") for name in packed.namelist() if name.endswith(".dist-info/RECORD")
        ]
    assert len(headers) > 5
    works = {f"{header['Name']} {header['Version']}" for header in headers} | {f"chalice {version('chalice')}"}
    assert {work for work in works if f"\n  {work}: " not in told} == set()
    assert "Redistribution and use in source and binary forms" in told
    assert "Apache License" in told
    own = {"app.py", "chalicelib", "chalice", "__pycache__", FILE}
    recorded = {line.split(",")[0].split("/")[0] for record in records for line in record.splitlines()}
    assert folders - own - recorded == set(), "shipped without metadata: add to COPIED"


def test_what_is_compiled_in_is_listed_from_its_bill_of_materials(tmp_path: Path) -> None:
    info = tmp_path / "rusty-1.0.dist-info"
    (info / "sboms").mkdir(parents=True)
    (info / "METADATA").write_text("Name: rusty\nVersion: 1.0\nLicense: MIT\n\nWords\n", encoding="utf-8")
    (info / "LICENSE").write_text("The words.\n", encoding="utf-8")
    bill = {"components": [{"name": "serde", "version": "1", "licenses": [{"expression": "MIT OR Apache-2.0"}]}]}
    (info / "sboms" / "rusty.json").write_text(json.dumps(bill), encoding="utf-8")
    write_licenses(tmp_path)
    told = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "  rusty 1.0: MIT" in told
    assert "The words." in told
    assert "  serde 1: MIT OR Apache-2.0" in told


def test_it_stays_small(package: Package) -> None:
    assert package.archive.stat().st_size < 13e6


def test_packing_again_gives_the_same_bytes(package: Package, tmp_path: Path) -> None:
    repack(package.archive, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == package.archive.read_bytes()


def test_order_and_times_do_not_show(tmp_path: Path) -> None:
    files = {"b.py": "KNOWN = {'x', 'y', 'z'}\n", "a/__init__.py": "", "a/c.txt": "kept"}
    for number, order in enumerate((sorted(files), sorted(files, reverse=True))):
        with zipfile.ZipFile(tmp_path / f"{number}.zip", "w") as packed:
            for name in order:
                packed.writestr(zipfile.ZipInfo(name, (2000 + number, 1, 1, 0, 0, 0)), files[name])
        repack(tmp_path / f"{number}.zip", tmp_path / f"{number}-packed.zip")
    assert (tmp_path / "0-packed.zip").read_bytes() == (tmp_path / "1-packed.zip").read_bytes()


def test_a_requirement_that_was_not_found_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as packed:
        packed.writestr("jinja2-3.1.6.dist-info/METADATA", "")
    (tmp_path / "requirements.txt").write_text("# pinned\njinja2==3.1.6\npydantic-core==2.0\n", encoding="utf-8")
    with pytest.raises(PackagingError, match="was found for: pydantic-core"):
        check_requirements(tmp_path / "some.zip", tmp_path / "requirements.txt")


def test_an_app_that_does_not_load_is_told_in_words(tmp_path: Path) -> None:
    for folder in (".chalice", "chalicelib", "infra"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / ".chalice" / "config.json", tmp_path / ".chalice")
    shutil.copy(ROOT / "infra" / "template.yaml", tmp_path / "infra")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "app.py").write_text("def broken(:\n", encoding="utf-8")
    with pytest.raises(PackagingError, match=r"chalice package failed: (.|\n)*app\.py"):
        build("prod", tmp_path / "out", root=tmp_path)


def test_a_developers_machine_has_what_ships_at_the_same_version() -> None:
    """`make setup` installs one file, the package holds the other; what is missing there fails on new machines only."""

    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").lower().replace("_", "-").splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line}

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()
