"""What the console says of registrations, as Asterisk 22.10.1 writes it."""

from __future__ import annotations

from ivr.asterisk.registrations import SignIn, read

SAID = """\

 <SignIn/ServerURI..............................>  <Auth....................>  <Status.......>
==========================================================================================

 telia.registration/sip:127.0.0.5:5070                    telia                       Registered        (exp. 95s)
 lyse-2.registration/sip:[2001:db8::1]                    lyse-2                      Rejected          (exp. 120s)
 new.registration/sip:reg.carrier.example:5070            new                         Unregistered

Objects found: 3

"""


def test_each_trunk_is_read_with_the_seconds_that_it_is_signed_in_for() -> None:
    assert read(SAID) == {
        "telia": SignIn(is_registered=True, seconds_left=95),
        "lyse-2": SignIn(is_registered=False),
        "new": SignIn(is_registered=False),
    }


def test_a_console_that_does_not_answer_says_nothing() -> None:
    assert read("Unable to connect to remote asterisk (does /x/asterisk.ctl exist?)") == {}
