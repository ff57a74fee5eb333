"""Is every setting in the README, with its default and its purpose?"""

from __future__ import annotations

import pytest

from portal import config
from tests.sources import ROOT


@pytest.mark.parametrize("setting", config.SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_in_the_readme(setting: config.Setting) -> None:
    rows = (ROOT / "README.md").read_text().splitlines()
    line = next((row for row in rows if row.startswith(f"| `PORTAL_{setting.name}`")), "")
    assert setting.purpose in line
    assert not setting.default or f"`{setting.default}`" in line


def test_the_environment_is_read_and_a_bad_value_stops_the_start() -> None:
    assert config.from_environment({"PORTAL_PAGE_SIZE": "10", "PORTAL_TRUSTED_HOSTS": "a.example, b.example"})[
        "TRUSTED_HOSTS"
    ] == ["a.example", "b.example"]
    with pytest.raises(config.BadSetting, match="PORTAL_PAGE_SIZE"):
        config.from_environment({"PORTAL_PAGE_SIZE": "many"})
