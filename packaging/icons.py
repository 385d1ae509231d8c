"""The program's icon in every size and container, drawn by Qt from `icons/isolate-inspector.svg`.

    python packaging/icons.py FOLDER

Both containers hold PNG pictures: .ico since Windows Vista (each entry 16 bytes of directory), .icns since macOS 10.7
(each entry a type of four letters and its length, big endian).
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Drawn", "draw_all", "icns", "ico", "png"]

SOURCE = Path(__file__).with_name("icons") / "isolate-inspector.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Pixels of each type: 16, 32, 128, 256 and 512 points at two pixels a point, and 128, 256, 512 at one.
_ICNS_TYPES = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic13": 256, b"ic08": 256, b"ic14": 512, b"ic09": 512}
_ICNS_LARGEST = {b"ic10": 1024}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where the files are. `pngs`: pixels -> file."""

    ico: Path
    icns: Path
    pngs: Mapping[int, Path]


def png(size: int) -> bytes:
    """The icon `size` pixels wide. Needs a QGuiApplication."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(SOURCE)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs ask for bytes, which PySide6 refuses
    return bytes(data.data())


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """A .ico file of PNG pictures, the smallest first."""
    header = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(header) + 16 * len(pictures)
    entries, bodies = b"", b""
    for size, data in sorted(pictures.items()):
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), place + len(bodies))
        bodies += data
    return header + entries + bodies


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """A .icns file; `pictures` has every size that its types name."""
    body = b""
    for kind, size in (_ICNS_TYPES | _ICNS_LARGEST).items():
        body += kind + struct.pack(">I", len(pictures[size]) + 8) + pictures[size]
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def draw_all(folder: Path) -> Drawn:
    """Draw every size and both containers into `folder`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {size: png(size) for size in SIZES}
    pngs = {size: folder / f"isolate-inspector-{size}.png" for size in SIZES}
    for size, path in pngs.items():
        path.write_bytes(pictures[size])
    drawn = Drawn(folder / "isolate-inspector.ico", folder / "isolate-inspector.icns", pngs)
    drawn.ico.write_bytes(ico({size: pictures[size] for size in _ICO_SIZES}))
    drawn.icns.write_bytes(icns(pictures))
    del application
    return drawn


if __name__ == "__main__":
    print(draw_all(Path(sys.argv[1])).ico.parent)
