"""A pool definition: a set of isolates with their limits, preludes and files, as a JSON file that can be read, checked
and opened again. docs/pool-definitions.md tells its fields.

Opening one makes isolates. It runs nothing: files, and preludes that are files, wait until somebody says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from inspector.errors import InspectorError, UsageError
from inspector.pool.names import checked_name, memory_limit_bytes
from inspector.pool.outcomes import Limits
from inspector.units import format_bytes

if TYPE_CHECKING:
    from inspector.pool import Isolate, Pool
    from inspector.pool.settings import IsolateSettings

__all__ = ["VERSION", "IsolateDefinition", "PoolDefinition", "create_isolate", "definition_of", "read_definition"]

VERSION = 1
_ACTION = "Open the pool definition"
_MOST_BYTES = 10 << 20
_MOST_ISOLATES = 1_000
_OWN = ("web", "bare")


class IsolateDefinition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`cpu_limit`: of each run, "" for none. `prelude`: "web" or "bare", then files. `files`: to run, in this order.

    Paths are relative to the definition's folder, or absolute.
    """

    name: str
    memory_limit: str = "128 MiB"
    cpu_limit: str = ""
    host: Literal["shared", "own"] = "shared"
    on_limit: Literal["keep", "dispose", "replace"] = "keep"
    sample_rate_hz: float = 22
    prelude: tuple[str, ...] = ("web",)
    files: tuple[str, ...] = ()

    @property
    def runs_at_birth(self) -> bool:
        """Whether making it runs code of somebody's own: a prelude that is a file."""
        return any(one not in _OWN for one in self.prelude)


class PoolDefinition(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    isolates: tuple[IsolateDefinition, ...]

    def text(self) -> str:
        """What a file of it holds."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode() + "\n"


def read_definition(path: Path) -> PoolDefinition:
    """UsageError, with the place in the file, for one that can't be read or says what can't be."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(path, f"it is larger than {format_bytes(_MOST_BYTES)}")
        found = msgspec.json.decode(path.read_bytes(), type=PoolDefinition)
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    except (msgspec.DecodeError, UnicodeError) as error:  # ValidationError too
        raise _refused(path, str(error)) from None
    if found.version != VERSION:
        raise _refused(path, f"its version is {found.version}, and this program knows {VERSION}")
    if not 1 <= len(found.isolates) <= _MOST_ISOLATES:
        raise _refused(path, f"it names {len(found.isolates)} isolates, which is outside 1 to {_MOST_ISOLATES:,}")
    names: set[str] = set()
    for place, one in enumerate(found.isolates):
        if trouble := _trouble(one, names):
            raise _refused(path, f"{trouble} - at `$.isolates[{place}]`")
        names.add(one.name)
    return found


def definition_of(settings: IsolateSettings, files: Sequence[Path], folder: Path) -> IsolateDefinition:
    """What makes an isolate as this one was made, for a definition that lies in `folder`."""
    cpu = settings.cpu_limit_s
    return IsolateDefinition(
        name=settings.name,
        memory_limit=_size(settings.memory_limit_bytes),
        cpu_limit="" if cpu is None else f"{cpu:g}s",
        host="own" if settings.host == "own" else "shared",
        on_limit=settings.on_limit,
        sample_rate_hz=settings.sample_rate_hz,
        prelude=(settings.prelude, *(_written(one, folder) for one in settings.prelude_files)),
        files=tuple(_written(one, folder) for one in files),
    )


async def create_isolate(pool: Pool, one: IsolateDefinition, folder: Path) -> Isolate:
    """What `Pool.create_isolate` does, and raises."""
    return await pool.create_isolate(
        name=one.name,
        memory_limit=one.memory_limit,
        cpu_limit=one.cpu_limit or None,
        host=one.host,
        on_limit=one.on_limit,
        sample_rate_hz=one.sample_rate_hz,
        prelude=[part if part in _OWN else folder / part for part in one.prelude],
    )


def _trouble(one: IsolateDefinition, taken: set[str]) -> str:
    """What can't be, "" for nothing: told before any isolate is made."""
    if not one.prelude or one.prelude[0] not in _OWN:
        return 'its prelude begins neither with "web" nor with "bare"'
    if not 1 <= one.sample_rate_hz <= 100:
        return f"{one.sample_rate_hz:g} samples per second is outside 1 to 100"
    try:
        checked_name(one.name, taken, "isolate")
        memory_limit_bytes(one.memory_limit)
        Limits.read(None, one.cpu_limit or None)
    except InspectorError as error:
        return f"{error.cause}. {error.remedy}".strip(". ")
    return ""


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count % (1 << 20) == 0 else f"{count} B"


def _refused(path: Path, cause: str) -> UsageError:
    return UsageError(_ACTION, f"{path.name}: {cause}")


def _written(path: Path, folder: Path) -> str:
    """Relative where the file lies in `folder` or below, with / on every system."""
    whole = path.absolute()
    try:
        return whole.relative_to(folder.absolute()).as_posix()
    except ValueError:
        return str(whole)
