"""The one error of the bootstrap: said to the user, then the process ends."""

from __future__ import annotations

__all__ = ["Refusal"]


class Refusal(Exception):
    """`action`: what was tried; `cause`: why it failed; `remedy`: what to do.

    `exit_code`: 2 when nothing was begun, 1 when a step failed.
    """

    def __init__(self, action: str, cause: str, remedy: str, *, exit_code: int) -> None:
        super().__init__(action, cause, remedy)
        self.action = action
        self.cause = cause
        self.remedy = remedy
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.action}: {self.cause}.\n{self.remedy}"
