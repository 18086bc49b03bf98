"""The watch: whoever is on the line hears something, when the server that has the call is gone or hangs.

While anybody is on the line, one channel of Asterisk's own looks once a second after the server's beat. The server
begins it; it outlives the server, and ends with the last call.
"""

from __future__ import annotations

from ivr.asterisk.steps import steps

WATCH_CONTEXT, LOOKS = "watch", "look"

CHANNEL_ID, WAY_IN = "watch", f"Local/stays@{WATCH_CONTEXT}/n"
"""The channel's id, of which there can be one, and how it comes about. It goes on at `look`."""

BEAT = "IVR_BEAT"
"""The dialplan's variable for the server's beat: when it answered last, in whole seconds since 1970."""

FREED = "floor,freed,1"
"""Where in the dialplan a caller goes on who is freed."""

FRESH_SECONDS = 2
"""A beat that is older tells that nobody answers. It comes every second, and seconds are whole."""

SILENT_TURNS = 13
"""So many looks without a new beat, and callers are freed. They are counted: a clock that jumps frees nobody."""

TALK_TURNS = 2
"""After so many it is noted who talks, so that one who is left alone later is known from one who was alone before."""

NO_SERVER = f'$["${{{BEAT}}}" != "" & ${{EPOCH}} - 0${{{BEAT}}} > {FRESH_SECONDS}]'
"""Whether the server is known not to answer. One that has never told a beat may be there all the same."""

_ENDS = "0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f"


def watch_context() -> str:
    """Who looks, and what is done for callers whom nobody has.

    Names of channels are read by their last digit: a function of Asterisk's gives 4 kB at most, some 100 names.

    Two who talk are left to it: whoever is in a bridge with a channel that is there. (Asterisk 22 often leaves the name
    of one that is gone with who is left alone.) A phone that we rang for a caller (its id is ours) stops ringing, and
    so does one whose caller is gone; a caller who is left alone by who was talked with is hung up on, as after any
    talk. All other callers of the server are freed.
    """
    return "\n".join(
        (f"[{WATCH_CONTEXT}]", _look(), _free(), steps("stays", "Answer()", *_FOR_EVER))
    )


_FOR_EVER = ("(on)Wait(3600)", "Goto(on)")


def _look() -> str:
    return steps(
        LOOKS,
        f"(heard)Set(HEARD=${{{BEAT}}})",
        "Set(SILENT=0)",
        "(turn)Wait(1)",
        "GotoIf($[${LEN(${CHANNELS(^PJSIP/)})} = 0]?over)",
        f'GotoIf($["${{{BEAT}}}" != "${{HEARD}}"]?heard)',
        "Set(SILENT=$[${SILENT} + 1])",
        f"GotoIf($[${{SILENT}} < {TALK_TURNS}]?turn:free,1)",
        "(over)Hangup()",
    )


def _free() -> str:
    of_them = "${{IMPORT(${{NAME}},{})}}".format
    return steps(
        "free",
        f"Set(ENDS={_ENDS})",
        "(next)Set(END=${SHIFT(ENDS)})",
        f'GotoIf($["${{END}}" = ""]?{LOOKS},turn)',
        "Set(NAMES=${CHANNELS(^PJSIP/.*${END}$)})",
        "(each)Set(NAME=${SHIFT(NAMES, )})",
        'GotoIf($["${NAME}" = ""]?next)',
        f"Set(PEERS={of_them('BRIDGEPEER')})",
        "(peer)Set(PEER=${SHIFT(PEERS)})",
        'GotoIf($["${PEER}" = ""]?alone)',
        "GotoIf($[${CHANNEL_EXISTS(${PEER})}]?talks:peer)",
        f"(alone)GotoIf($[${{SILENT}} < {SILENT_TURNS}]?each)",
        'GotoIf($["${IMPORT(${NAME},UNIQUEID):-4}" = "-leg"]?ends)',
        f'GotoIf($["{of_them("CHANNEL(appname)")}" != "Stasis"]?each)',
        f'GotoIf($["${{SHARED(TALKED,${{NAME}})}}" = "${{{BEAT}}}"]?ends)',
        f"ChannelRedirect(${{NAME}},{FREED})",
        "Goto(each)",
        f"(talks)Set(SHARED(TALKED,${{NAME}})=${{{BEAT}}})",
        "Goto(each)",
        "(ends)SoftHangup(${NAME})",
        "Goto(each)",
    )
