"""What `doctor` says of the bridge servers; with a real Janus, and without any."""

from pathlib import Path

import pytest
from pytest_django import Settings

from maillage.config.bridge_checkup import check_bridges
from tooling import media


@pytest.mark.media
def test_each_server_is_told_apart_with_how_to_mend_it(settings: Settings, tmp_path: Path) -> None:
    with media.janus() as janus:
        _tell_apart(settings, tmp_path, janus)


def _tell_apart(settings: Settings, tmp_path: Path, janus: media.PrivateJanus) -> None:
    described = media.bridges_file(tmp_path, [janus])
    lines = described.read_text()
    described.write_text(
        f"{lines}\n\n{lines.replace('bridge-1', 'bridge-2').replace(janus.admin_url, 'ws://127.0.0.1:9')}"
    )
    settings.BRIDGES_FILE = str(described)
    good, dead = check_bridges()
    assert (good.what, good.state) == ("bridge bridge-1", "ok")
    assert (dead.what, dead.state) == ("bridge bridge-2", "wrong")
    assert "127.0.0.1:9" in dead.says
    assert "admin_url" in dead.mend
    described.write_text(lines)
    assert [finding.state for finding in check_bridges()] == ["ok", "warning"]


def test_without_a_bridge_what_the_network_cannot_do_is_said(settings: Settings, tmp_path: Path) -> None:
    settings.BRIDGES_FILE = ""
    (finding,) = check_bridges()
    assert finding.state == "warning"
    assert "four browsers" in finding.says
    settings.BRIDGES_FILE = str(tmp_path / "nowhere.toml")
    (finding,) = check_bridges()
    assert finding.state == "wrong"
