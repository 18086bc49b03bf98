"""What every section of the settings is."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from ivr.settings.values import ValueAdvice


class Section(BaseModel):
    """Frozen, and without a place for words that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: object, key: ValidationInfo) -> object:
        """Python takes true for 1. Raises ValueError with what to write."""
        if not isinstance(value, bool):
            return value
        field = cls.model_fields[key.field_name or ""]
        if bool not in (field.annotation, *get_args(field.annotation)):
            raise ValueError(field.description)
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _nothing_stands_twice(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the key holds
        """Of two that are the same, one was to be another. Raises ValueError with what to write."""
        if not isinstance(value, tuple):
            return value
        written = [one.casefold() for one in value if isinstance(one, str)]
        for one in written:
            if written.count(one) > 1:
                message = f"each once: {one} stands there twice"
                raise ValueAdvice(message)
        return value
