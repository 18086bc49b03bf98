"""A carrier that is played: a second private Asterisk, whose customer the server is, and which brings its calls."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.asterisk import conf_core, console, run
from ivr.asterisk.blueprint import Blueprint, PhoneAccount
from ivr.asterisk.installation import Installation
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.ports import free_port
from ivr.asterisk.steps import steps
from ivr.demo.stage import usual_port
from ivr.errors import DemoFailed
from ivr.private_file import write_private

HOST = "127.0.0.2"
"""On loopback too, and not where the server is: as a carrier's machine it has an address of its own."""

TRUNK, ACCOUNT = "demotel", "sentralbord"
"""What `ivr.toml` calls the carrier, and what the carrier calls its customer."""

SIGN_IN_SECONDS = 15.0
SETTINGS_HEAD = (
    "# Written by `ivr demo` each time it starts: a carrier that is played on this machine.\n"
)

_BETWEEN_LOOKS_SECONDS = 0.1
_RTP = (26_000, 27_999)
_SIGNED_IN = re.compile(rf"Contact: +{ACCOUNT}/sip:")


@dataclass(frozen=True, slots=True)
class PlayedCarrier:
    """A carrier that is up. `numbers`, as it writes them, are its customer's; all others it answers itself."""

    home: Path
    blueprint: Blueprint
    numbers: tuple[str, ...]

    @property
    def sip(self) -> tuple[str, int]:
        """Where its subscribers' phones call."""
        return HOST, self.blueprint.sip_port

    @property
    def password_file(self) -> Path:
        return self.home / "password"

    @property
    def trunk(self) -> str:
        """The customer's side, as it stands in `ivr.toml`."""
        return f"""\
[[trunk]]
name = "{TRUNK}"
addresses = ["{HOST}:{self.blueprint.sip_port}"]
register = true
account = "{ACCOUNT}"
password_file = "{self.password_file}"
dialled_number = "called-party"
own_number = "{self.numbers[-1]}"
"""

    def write_settings(self, file: Path) -> None:
        """An `ivr.toml` with this one trunk. Raises DemoFailed where somebody else's lies there."""
        if file.exists() and not file.read_text("utf-8", "replace").startswith(SETTINGS_HEAD):
            raise DemoFailed(f"{file} is not the demonstration's own", "Give another --home.")
        write_private(file, f"{SETTINGS_HEAD}{self.trunk}")

    async def customer_signed_in(self) -> None:
        """Wait until the server is signed in; calls find it then. Raises DemoFailed."""
        try:
            async with asyncio.timeout(SIGN_IN_SECONDS):
                # Only its console knows: there is nothing to wait on but time.
                while not _SIGNED_IN.search(await self._contacts()):  # noqa: ASYNC110
                    await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
        except TimeoutError:
            reason = (
                f"the server did not sign in at the played carrier within {SIGN_IN_SECONDS:.0f} s"
            )
            raise DemoFailed(reason, "See its log for `trunk not signed in`.") from None

    async def _contacts(self) -> str:
        return await console.say(self.blueprint, "pjsip show contacts")


@asynccontextmanager
async def carrier(
    home: Path, installation: Installation, numbers: tuple[str, ...]
) -> AsyncIterator[PlayedCarrier]:
    """Start it below `home`; end it when the scope is left."""
    home = await asyncio.to_thread(home.resolve)
    passwords = await asyncio.to_thread(keep_passwords, home, [ACCOUNT])
    password = passwords.phones[ACCOUNT]
    blueprint = Blueprint(
        home=home,
        installation=installation,
        http_port=free_port(),
        ari_password=passwords.ari,
        fallback_prompt=installation.sounds / "vm-goodbye",
        sip_host=HOST,
        sip_port=usual_port(5060, socket.SOCK_DGRAM, HOST),
        rtp_first=_RTP[0],
        rtp_last=_RTP[1],
        accounts=(PhoneAccount(ACCOUNT, password),),
        language="en",
        instead=(("extensions.conf", dialplan(numbers)), ("modules.conf", _modules())),
    )
    running = await run.start(blueprint)
    try:
        played = PlayedCarrier(home, running.blueprint, numbers)
        await asyncio.to_thread(write_private, played.password_file, f"{password}\n")
        yield played
    finally:
        await run.stop(running)


def dialplan(numbers: tuple[str, ...]) -> str:
    """Its customer's numbers go to where the customer signed in, told as `P-Called-Party-ID`.

    Whoever is called otherwise rings for a second, presses 1, and is not at home.
    `X-Sim-Now` goes with the call: the demonstration's callers say what time it is.
    """
    to_customer = (
        "Set(__DIALLED=${EXTEN})",
        "Set(__SIM_NOW=${PJSIP_HEADER(read,X-Sim-Now)})",
        f"Dial(${{PJSIP_DIAL_CONTACTS({ACCOUNT})}},60,b(told^customer^1))",
        "Hangup(${HANGUPCAUSE})",
    )
    told = (
        f"Set(PJSIP_HEADER(add,P-Called-Party-ID)=<sip:${{DIALLED}}@{HOST}>)",
        "GotoIf(${ISNULL(${SIM_NOW})}?told)",
        "Set(PJSIP_HEADER(add,X-Sim-Now)=${SIM_NOW})",
        "(told)Return()",
    )
    return "\n".join(
        [
            "[general]\nstatic = yes\nwriteprotect = yes\nautofallthrough = yes\n",
            "[nowhere]\n",
            "[from-trunk]",
            "exten => h,1,Hangup()\n",
            *(steps(number, *to_customer) for number in numbers),
            steps(
                "_[+0-9].",
                "Ringing()",
                "Wait(1)",
                "Answer()",
                "Wait(1)",
                "SendDTMF(1)",
                "Playback(vm-nobodyavail)",
                "Hangup()",
            ),
            "[told]",
            steps("customer", *told),
            "[from-phone]\n",
        ]
    )


def _modules() -> str:
    """Ours, what lets a header be added to the call that `Dial` makes, and what presses keys."""
    return conf_core.modules_listed((*conf_core.MODULES, "app_stack", "app_senddtmf"))
