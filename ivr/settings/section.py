"""What every section of the settings is."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Frozen, and without a place for words that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")
