"""Is everything where the README says, and is nothing in the repository that belongs to one machine?"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.sources import ROOT, tracked

FOLDERS = {"portal", "static", "templates", "instance", "tests"}
FILES = {
    "wsgi.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md",
    "requirements.txt", "requirements-test.txt",
}  # fmt: skip
REGISTRIES = "|".join(
    r"\.".join(parts)
    for parts in [
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    ]
)
MACHINE_FOLDERS = ["work", "root", "home", "Users"]
HOMES = r"(?<![\w.*})-])/(?:" + "|".join(MACHINE_FOLDERS) + r")/[\w.]"
BINARY = {".png", ".ico", ".gz", ".woff2", ".jpg", ".webp", ".xlsx", ".pdf"}
MANIFESTS = [path for path in tracked() if path.parts[0] == "static" and path.name == "manifest.json"]


def test_the_top_level_is_fixed() -> None:
    top = {path.parts[0]: len(path.parts) > 1 for path in tracked()}
    folders = {name for name, is_folder in top.items() if is_folder and not name.startswith(".")}
    files = {name for name, is_folder in top.items() if not is_folder and not name.startswith(".")}
    assert folders <= FOLDERS
    assert folders >= FOLDERS - {"instance"}
    assert files == FILES


def test_the_instance_folder_is_not_in_the_repository() -> None:
    assert [path for path in tracked() if path.parts[0] == "instance" and path.name != ".gitignore"] == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        if path.suffix.lower() not in BINARY:
            text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
            for pattern in (REGISTRIES, HOMES, "file:" + "//"):
                found += [f"{path}: {match.group()}" for match in re.finditer(pattern, text)]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_locked_package_has_its_version_and_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "--index" not in text
    assert "--find-links" not in text
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.replace("\\\n", " "))
    assert [
        entry[:40] for entry in entries if not re.match(r"[\w.\[\]-]+==\S+.*--hash=sha256:[0-9a-f]{64}", entry)
    ] == []


def test_the_test_lock_holds_what_runs() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"(?m)^[\w.\[\]-]+==\S+", (ROOT / name).read_text(encoding="utf-8")))

    assert pins("requirements.txt") <= pins("requirements-test.txt")


def test_htmx_is_here() -> None:
    assert any(json.loads((ROOT / path).read_text())["name"].startswith("htmx") for path in MANIFESTS)


@pytest.mark.parametrize("path", MANIFESTS, ids=str)
def test_what_others_wrote_is_unchanged(path: Path) -> None:
    """Beside each vendored file lie its manifest and its licence; the folder carries the version."""
    manifest = json.loads((ROOT / path).read_text(encoding="utf-8"))
    folder = ROOT / path.parent
    digest = base64.b64encode(hashlib.sha384((folder / manifest["file"]).read_bytes()).digest()).decode()
    assert digest == manifest["sha384"].removeprefix("sha384-")
    assert folder.name.endswith(f"-{manifest['version']}")
    assert (folder / manifest["license_file"]).is_file()
    assert {entry.name for entry in folder.iterdir()} == {manifest["file"], manifest["license_file"], path.name}
