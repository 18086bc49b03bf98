"""A profile, summed by package."""

from bench.profile import text

RUN = "run (/home/x/lib/python3.11/asyncio/runners.py:118)"
REQUEST = "request (/home/x/ivr/ari/link.py:120)"
SEND = "send (/home/x/site-packages/aiohttp/client_ws.py:301)"
WRITE = "write (/home/x/ivr/store/file.py:99)"
STACKS = f"{RUN};{REQUEST};{SEND} 30\n{RUN};{WRITE} 10\n"


def test_time_is_summed_by_the_package_it_was_spent_in_and_by_ours_that_asked_for_it() -> None:
    own, asked = text(STACKS).split("\n\n")[0:2]

    assert "75.0 %  aiohttp" in own
    assert "25.0 %  ivr.store.file" in own
    assert "75.0 %  ivr.ari.link" in asked
