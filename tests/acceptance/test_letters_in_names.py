"""A site may be called måløy or nord-odal, and its own recordings are heard, however the disk writes their names."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path

import pytest

from tests.acceptance import probe
from tests.acceptance.serving import serving, tone_prompts, write_tone

pytestmark = pytest.mark.real

COMMON_HZ = 500
HERTZ = {"måløy": 1000, "ærfugl": 1300, "nord-odal": 1600}
NUMBERS = {site: f"+472100000{number}" for number, site in enumerate(HERTZ)}
RULES = "\n".join(
    (
        "version: 1",
        "languages: [nb]",
        "numbers:",
        *(
            f"  {number[:3]} {number[3:]}: {{site: {site}, to: menu main}}"
            for site, number in NUMBERS.items()
        ),
        "  anything else: menu main",
        "menus:",
        "  main: {say: [welcome], keys: {1: hangup}, wait: 6s, tries: 1, nothing_chosen: hangup}",
        "sites:",
        *(f"  {site}: {{}}" for site in HERTZ),
        "",
    )
)


async def test_each_site_is_heard_by_its_own_recording(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "prompts", welcome=COMMON_HZ)
    for site, hertz in HERTZ.items():
        name = unicodedata.normalize("NFD" if site == "måløy" else "NFC", f"welcome.{site}.wav")
        write_tone(prompts / "nb" / name, hertz, seconds=5.0)
    async with serving(tmp_path, RULES, prompts) as server:
        for site, hertz in HERTZ.items():
            async with (
                probe.call(server.sip, NUMBERS[site], "+4790000001") as placed,
                asyncio.timeout(8),
            ):
                await placed.hears(hertz)
