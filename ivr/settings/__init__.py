"""Settings: what operations decide, from `ivr.toml` and the environment (`IVR_SIP__ADDRESS=…`, which wins).

The rules file is the admin's and says what callers meet; nothing of it is here. Every refusal names its key.
Durations are seconds. Secrets are never settings: they are generated into the home folder, or lie in files.
"""

from ivr.settings.load import known_keys, load_settings
from ivr.settings.sections import (
    AsteriskSettings,
    Emergency,
    FloorSettings,
    Outgoing,
    Prompts,
    Retention,
    Settings,
    SpeechSettings,
    StoreSettings,
)
from ivr.settings.sip import Sip, SpeechEncryption
from ivr.settings.source import SettingsSource
from ivr.settings.trunk import SipHost, TrunkSettings
from ivr.settings.values import join_address, split_address, split_host, split_range

__all__ = [
    "AsteriskSettings",
    "Emergency",
    "FloorSettings",
    "Outgoing",
    "Prompts",
    "Retention",
    "Settings",
    "SettingsSource",
    "Sip",
    "SipHost",
    "SpeechEncryption",
    "SpeechSettings",
    "StoreSettings",
    "TrunkSettings",
    "join_address",
    "known_keys",
    "load_settings",
    "split_address",
    "split_host",
    "split_range",
]
