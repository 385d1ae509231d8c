"""Static checks of the library: exported vtables against exported methods. Nothing of JavaScript runs here."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from inspector.engine.native.abi.v8 import V8

__all__ = ["LAYOUTS", "LayoutProbe", "vptr"]

P = ctypes.c_size_t
INSPECTOR = "_ZTVN12v8_inspector15V8InspectorImplE"
SESSION = "_ZTVN12v8_inspector22V8InspectorSessionImplE"
DELEGATE = "_ZTVN2v815ValueSerializer8DelegateE"
MEASURE = "_ZTVN2v88internal21MeasureMemoryDelegateE"
RUNNER = "_ZTVN2v88platform27DefaultForegroundTaskRunnerE"
PLATFORM = "_ZTVN2v88platform15DefaultPlatformE"

_DELEGATE = "_ZN2v815ValueSerializer8Delegate"
_INSPECTOR_IMPL = "_ZN12v8_inspector15V8InspectorImpl"
_MEASURE_IMPL = "_ZN2v88internal21MeasureMemoryDelegate"
_SESSION_IMPL = "_ZN12v8_inspector22V8InspectorSessionImpl"
# (vtable, slot, the method that must be there)
_SLOTS = (
    (INSPECTOR, 1, f"{_INSPECTOR_IMPL}D0Ev"),
    (INSPECTOR, 2, f"{_INSPECTOR_IMPL}14contextCreatedERKNS_13V8ContextInfoE"),
    (INSPECTOR, 3, f"{_INSPECTOR_IMPL}16contextDestroyedEN2v85LocalINS1_7ContextEEE"),
    (INSPECTOR, 10, f"{_INSPECTOR_IMPL}18asyncTaskScheduledENS_10StringViewEPvb"),
    (INSPECTOR, 11, f"{_INSPECTOR_IMPL}17asyncTaskCanceledEPv"),
    (INSPECTOR, 12, f"{_INSPECTOR_IMPL}16asyncTaskStartedEPv"),
    (INSPECTOR, 13, f"{_INSPECTOR_IMPL}17asyncTaskFinishedEPv"),
    (
        INSPECTOR,
        18,
        f"{_INSPECTOR_IMPL}15exceptionThrownEN2v85LocalINS1_7ContextEEENS_10StringViewENS2_INS1_5ValueEEES5_S5_jjNSt4__Cr10"
        "unique_ptrINS_12V8StackTraceENS8_14default_deleteISA_EEEEi",
    ),
    (
        INSPECTOR,
        21,
        f"{_INSPECTOR_IMPL}7connectEiPNS_11V8Inspector7ChannelENS_10StringViewENS1_16ClientTrustLevelENS1_17"
        "SessionPauseStateE",
    ),
    (INSPECTOR, 23, f"{_INSPECTOR_IMPL}16createStackTraceEN2v85LocalINS1_10StackTraceEEE"),
    (SESSION, 1, f"{_SESSION_IMPL}D0Ev"),
    (SESSION, 3, f"{_SESSION_IMPL}23dispatchProtocolMessageENS_10StringViewE"),
    (SESSION, 9, f"{_SESSION_IMPL}16setSkipAllPausesEb"),
    (SESSION, 18, f"{_SESSION_IMPL}4stopEv"),
    (MEASURE, 1, f"{_MEASURE_IMPL}D0Ev"),
    (MEASURE, 2, f"{_MEASURE_IMPL}13ShouldMeasureENS_5LocalINS_7ContextEEE"),
    (MEASURE, 3, f"{_MEASURE_IMPL}19MeasurementCompleteENS_21MeasureMemoryDelegate6ResultE"),
    (DELEGATE, 3, f"{_DELEGATE}19HasCustomHostObjectEPNS_7IsolateE"),
    (DELEGATE, 4, f"{_DELEGATE}12IsHostObjectEPNS_7IsolateENS_5LocalINS_6ObjectEEE"),
    (DELEGATE, 8, f"{_DELEGATE}24AdoptSharedValueConveyorEPNS_7IsolateEONS_19SharedValueConveyorE"),
    (DELEGATE, 9, f"{_DELEGATE}22ReallocateBufferMemoryEPvmPm"),
    (DELEGATE, 10, f"{_DELEGATE}16FreeBufferMemoryEPv"),
    (
        RUNNER,
        5,
        "_ZN2v88platform27DefaultForegroundTaskRunner12PostTaskImplENSt4__Cr10unique_ptrINS_4TaskENS2_14default_delete"
        "IS4_EEEERKNS_14SourceLocationE",
    ),
)


def vptr(address: int) -> int:
    """The vtable that a C++ object points at."""
    return P.from_address(address).value


class LayoutProbe:
    def __init__(self, v8: V8) -> None:
        self._v8 = v8

    def vtable(self, symbol: str) -> int:
        """The first slot of an exported vtable; 0 when it is not exported."""
        address = self._v8.library.address(symbol)
        return address + 2 * ctypes.sizeof(P) if address else 0

    def slot(self, vtable: str, slot: int, method: str) -> object:
        start, wanted = self.vtable(vtable), self._v8.library.address(method)
        if not start or not wanted:
            return "not exported"
        found = P.from_address(start + slot * ctypes.sizeof(P)).value
        return found == wanted or hex(found)

    def platform(self) -> object:
        return vptr(self._v8.calls.platform()) == self.vtable(PLATFORM)


def _slot_check(vtable: str, slot: int, method: str) -> Callable[[LayoutProbe], object]:
    return lambda probe: probe.slot(vtable, slot, method)


LAYOUTS: tuple[tuple[str, Callable[[LayoutProbe], object]], ...] = (
    *((f"slot {slot} of {vtable[4:]}", _slot_check(vtable, slot, method)) for vtable, slot, method in _SLOTS),
    ("the platform is V8's default one", LayoutProbe.platform),
)
