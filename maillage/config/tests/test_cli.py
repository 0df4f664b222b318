import sys

import pytest

from maillage.config.cli import main


@pytest.mark.parametrize("name", ["simulate-day", "simulate_day"])
def test_a_command_is_typed_with_hyphens_or_underscores(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["maillage", name, "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "Play a day of meetings" in capsys.readouterr().out
