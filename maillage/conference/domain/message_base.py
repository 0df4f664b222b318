"""What all messages share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=8, max_length=36, pattern=r"^[A-Za-z0-9-]+$")]


class Message(BaseModel):
    """A message: unknown fields are refused, so that a mistake is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
