"""JavaScript values as Python values, by the rules of structured clone, in V8's wire format (version 15).

| JavaScript | -> Python | Python | -> JavaScript |
|---|---|---|---|
| undefined | `undefined` | `undefined` | undefined |
| null | None | None | null |
| boolean | bool | bool | boolean |
| number | int when it is whole and safe, else float | float, int up to 2**53 | number |
| BigInt | `BigInt` (an int) | `BigInt`, int beyond 2**53 | BigInt |
| string, also with lone surrogates | str | str | string |
| Array; a hole in it | list; `hole` | list, tuple; `hole` | Array |
| object | dict | dict with str keys alone | object |
| Map | `Map` (pairs in order) | `Map`, dict with other keys | Map |
| Set | `Set` (values in order) | `Set`, set, frozenset | Set |
| Date | datetime in UTC; `Date` outside its range, and invalid | datetime, `Date` | Date |
| RegExp | `RegExp` | `RegExp` | RegExp |
| an Error of any type | `Error` | `Error`, an exception | Error |
| ArrayBuffer; a resizable one | bytearray; `ResizableBuffer` | the same | ArrayBuffer |
| typed array, DataView | `View` on its buffer | `View`; bytes, memoryview | the same; Uint8Array |
| boxed primitive | `Boxed` | `Boxed` | boxed primitive |

Cycles and shared parts stay what they are, in both directions. Everything else is refused: `CloneError` tells the path.
"""

from inspector.clone.decoding import decode
from inspector.clone.encoding import encode
from inspector.clone.kinds import (
    BigInt,
    Boxed,
    CloneError,
    Date,
    Error,
    Map,
    RegExp,
    ResizableBuffer,
    Set,
    View,
    hole,
    undefined,
)

__all__ = [
    "BigInt",
    "Boxed",
    "CloneError",
    "Date",
    "Error",
    "Map",
    "RegExp",
    "ResizableBuffer",
    "Set",
    "View",
    "decode",
    "encode",
    "hole",
    "undefined",
]
