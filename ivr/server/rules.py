"""The rules in force, and the prompts that they speak: refused at the start, or right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr.audio.catalogue import PromptCatalogue
from ivr.errors import ConfigRefused
from ivr.rules.load import load_rules
from ivr.rules.model import Account, RuleSet

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """A rule set with its file and its prompts."""

    file: Path
    rules: RuleSet
    prompts_folder: Path
    prompts: PromptCatalogue

    @property
    def accounts(self) -> tuple[str, ...]:
        """The phone accounts that agents register with."""
        phones = (agent.phone for agent in self.rules.agents.values())
        return tuple(sorted({phone.name for phone in phones if isinstance(phone, Account)}))


def take_rules(file: Path, prompts: Path) -> RulesInForce:
    """Read rules and prompts. Raises RulesRefused with every fault, ConfigRefused where there is no file."""
    try:
        text = file.read_bytes()
    except OSError as error:
        wanted = f"the path of a rules file ({error.strerror})"
        raise ConfigRefused("--rules", str(file), wanted) from error
    catalogue = PromptCatalogue.load(prompts)
    for fault in catalogue.faults:
        log.warning("recording not usable", fault=str(fault))
    rules, findings = load_rules(text, str(file), catalogue.names())
    for finding in findings:
        log.warning("rules could be better", finding=str(finding))
    return RulesInForce(file, rules, prompts, catalogue)
