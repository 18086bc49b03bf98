import pytest

from ivr.errors import ConfigRefused
from ivr.sipp import AgentScript, AwaitHangUp, CallerScript, Credentials, Pause, Press, PutDown
from ivr.sipp.script import ScriptStep


def test_script_lasts_as_long_as_its_pauses_and_keys() -> None:
    script = CallerScript("100", "+4790000001", (Pause(1.5), Press("1"), Pause(2), PutDown()))

    assert script.longest_seconds == pytest.approx(3.7)


@pytest.mark.parametrize(
    "steps", [(), (Pause(1),), (PutDown(), Pause(1)), (PutDown(), AwaitHangUp())]
)
def test_script_that_does_not_end_its_call_once_and_last_is_refused(
    steps: tuple[ScriptStep, ...],
) -> None:
    with pytest.raises(ConfigRefused, match="as the last step, and only there"):
        CallerScript("100", "+4790000001", steps)


@pytest.mark.parametrize(
    "number", ["", "100\r\nTo: x", "100]", "a b", "<sip:x>", "[pid]", "1" * 65]
)
def test_number_that_could_be_read_as_something_else_is_refused(number: str) -> None:
    with pytest.raises(ConfigRefused, match="1 to 64 of"):
        CallerScript(number, "+4790000001", (PutDown(),))
    with pytest.raises(ConfigRefused, match="1 to 64 of"):
        CallerScript("100", number, (PutDown(),))


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "1\r\nX-B: 2"), ("X-A", "[pid]"), ("X-A", "back\\slash"), ("X A", "1"), ("X-A:", "1")],
)
def test_header_that_could_begin_another_or_be_read_by_sipp_is_refused(
    name: str, value: str
) -> None:
    with pytest.raises(ConfigRefused, match="headers"):
        CallerScript("100", "+4790000001", (PutDown(),), {name: value})


@pytest.mark.parametrize("key", ["", "12", "A", " "])
def test_key_that_no_keypad_has_is_refused(key: str) -> None:
    with pytest.raises(ConfigRefused, match="one of 0123456789"):
        Press(key)


@pytest.mark.parametrize("seconds", [-1, 3601, float("nan")])
def test_wait_that_is_no_wait_is_refused(seconds: float) -> None:
    with pytest.raises(ConfigRefused, match="seconds from 0 to 3600"):
        Pause(seconds)
    with pytest.raises(ConfigRefused, match="seconds from 0 to 3600"):
        AgentScript(answers_after=seconds)


def test_password_is_never_shown() -> None:
    account = Credentials("kari", "hemmelig-passord", ("127.0.0.1", 5060))

    assert "hemmelig" not in repr(account)
    with pytest.raises(ConfigRefused) as refused:
        Credentials("kari", "hemmelig passord]", ("127.0.0.1", 5060))
    assert "hemmelig" not in str(refused.value)
