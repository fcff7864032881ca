"""A region's settings: read, or refused with one sentence that names the setting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.region import Region, region_from_toml
from inbeeld.kernel.region_error import RegionError

POLICY = Path(__file__).parents[4] / "policy" / "regions"
SECTOR_AND_UNIT = "to be a sector (po so vo vso mbo) with lesson or clock"
WRONG = {
    "name = 'Noorderveen": "a TOML file",
    "": "name = a text",
    "name = ''": "name = a text",
    "name = 7": "name = a text",
    "name = 'N'\nrhythm = 3": "no setting called rhythm",
    "name = 'N'\nhour_units = 'lesson'": "[hour_units] to be a table",
    "name = 'N'\nlayers = 3": "[layers] to be a table",
    "name = 'N'\n[hour_units]\nhbo = 'lesson'": f"hour_units.hbo {SECTOR_AND_UNIT}",
    "name = 'N'\n[hour_units]\npo = 'minutes'": f"hour_units.po {SECTOR_AND_UNIT}",
    "name = 'N'\n[layers]\ncuts = [5, 10]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = [10, 5, 20]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = [5, 5, 20]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = [0, 5, 20]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = [5, 10, 101]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = [5, 10, 20.5]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = [true, 10, 20]": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\ncuts = '5 10 20'": "layers.cuts = three rising whole percentages",
    "name = 'N'\n[layers]\nminimum_days = -1": "layers.minimum_days = a whole number of 0 or more",
    "name = 'N'\n[layers]\nminimum_days = '20'": "layers.minimum_days = a whole number of 0 or more",
    "name = 'N'\n[layers]\nminimum_days = true": "layers.minimum_days = a whole number of 0 or more",
    "name = 'N'\ncounts_by = 'thuiszitter-swv@2019-08-01'": "counts_by = a list of definition keys",
    "name = 'N'\ncounts_by = ['thuiszitter']": "counts_by to hold definition keys; there is no 'thuiszitter'",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items())
def test_a_wrong_setting_is_refused_by_name(text: str, sentence: str) -> None:
    with pytest.raises(RegionError) as refused:
        region_from_toml(text)
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_a_name_is_enough() -> None:
    assert region_from_toml("name = 'Noorderveen'") == Region(name="Noorderveen")


def test_settings_of_a_region_replace_the_usual_ones() -> None:
    region = region_from_toml(
        "name = 'Noorderveen'\ncounts_by = ['thuiszitter-swv@2019-08-01']\n"
        "[hour_units]\npo = 'lesson'\n[layers]\ncuts = [4, 8, 16]\nminimum_days = 10\n"
    )
    assert region.hour_units == {
        "po": "lesson",
        "so": "clock",
        "vo": "lesson",
        "vso": "lesson",
        "mbo": "lesson",
    }
    assert (region.layer_cuts, region.layer_minimum_days) == ((4, 8, 16), 10)
    assert [one.key for one in region.definitions(date(2026, 3, 27))] == ["thuiszitter-swv@2019-08-01"]


def test_a_region_that_chooses_nothing_judges_by_all_in_force() -> None:
    assert Region().definitions(date(2026, 3, 27)) == CATALOGUE
    before = {one.key for one in Region().definitions(date(2019, 7, 31))}
    assert "thuiszitter-lrv@2009-08-01" in before
    assert "thuiszitter-swv@2019-08-01" not in before


def test_a_region_can_be_read_from_a_receipt() -> None:
    assert Region(name="N").as_dict() == {
        "name": "N",
        "hour_units": {"mbo": "lesson", "po": "clock", "so": "clock", "vo": "lesson", "vso": "lesson"},
        "layer_cuts": [5, 10, 20],
        "layer_minimum_days": 20,
        "counts_by": [],
    }


@pytest.mark.parametrize("file", sorted(POLICY.glob("*.toml")), ids=lambda file: file.stem)
def test_every_region_profile_of_the_project_can_be_read(file: Path) -> None:
    assert region_from_toml(file.read_text(encoding="utf-8")).name


def test_there_is_a_region_profile() -> None:
    assert list(POLICY.glob("*.toml"))
