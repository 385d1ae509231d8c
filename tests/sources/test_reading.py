"""Files are read as text or refused with a cause; nothing that could block is ever opened."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from inspector.errors import SourceError
from inspector.sources import read_source
from inspector.sources.reading import MAX_BYTES
from inspector.states import SourceKind


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_source(path)
    error = caught.value
    assert str(error).count("\n") == 0
    return error


def write(folder: Path, content: bytes, name: str = "a.js") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "var é = '日本'".encode(),
        b"\xef\xbb\xbf" + "var é = '日本'".encode(),
        b"\xff\xfe" + "var é = '日本'".encode("utf-16-le"),
        b"\xfe\xff" + "var é = '日本'".encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big"],
)
def test_encodings(tmp_path: Path, content: bytes) -> None:
    assert read_source(write(tmp_path, content)).text == "var é = '日本'"


def test_an_empty_file_and_a_mark_alone_are_scripts(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, b"")).text == ""
    assert read_source(write(tmp_path, b"\xef\xbb\xbf")).text == ""


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"var a = '\xe9'", "byte 0xe9 at offset 9 is not UTF-8"),
        (b"\xef\xbb\xbfa\xff", "byte 0xff at offset 4 is not UTF-8"),
        (b"\xff\xfea", "byte 0x61 at offset 2 is not UTF-16"),
        (b"\xff\xfe\x00\xd8a\x00", "offset 2 is not UTF-16"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "it is UTF-32"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is binary: a PNG image"),
        (b"\x7fELF\x02\x01\x01\x00", "it is binary: a program (ELF)"),
        (b"a\x00b\x00", "it is binary: byte 0x00 at offset 1 (UTF-16 without a byte order mark?)"),
        (b"var a;\x00", "it is binary: byte 0x00 at offset 6"),
        (b"\x1f\x8b\x08\x08", "it is binary: a gzip archive"),
    ],
)
def test_other_bytes_are_refused_with_the_offset(tmp_path: Path, content: bytes, cause: str) -> None:
    assert cause in refusal(write(tmp_path, content)).cause


def test_text_that_begins_like_a_magic_number_is_text(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, b"MZ = 1; BZh = 2")).text.startswith("MZ")


@pytest.mark.parametrize(
    "name", ["a.ts", "a.tsx", "a.mts", "a.jsx", "a.json", "a.html", "a.css", "a.wasm", "a.py", "A.TS"]
)
def test_other_languages_say_what_they_are(tmp_path: Path, name: str) -> None:
    error = refusal(write(tmp_path, b"1", name))
    assert Path(name).suffix in error.cause
    assert error.remedy


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path, b"", "handler.js")
    error = refusal(tmp_path / "handlr.js")
    assert (error.cause, error.remedy) == ("there is no such file", "Did you mean handler.js?")
    assert refusal(tmp_path / "nowhere" / "a.js").cause == "there is no such file"
    assert refusal(tmp_path / "handler.js" / "a.js").cause == "a part of its path is a file, not a folder"


def test_a_folder_stands_for_its_entry(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    (folder / "src").mkdir(parents=True)
    assert "it is a folder without index.mjs" in refusal(folder).cause
    write(folder, b"1", "main.js")
    source = read_source(folder)
    assert (source.path, source.root) == (folder / "main.js", folder)
    write(folder, b'{"type": "module", "module": 5, "main": "./src/start.js"}', "package.json")
    assert read_source(folder).path == folder / "main.js"  # what it names is missing
    write(folder / "src", b"2", "start.js")
    source = read_source(folder)
    assert (source.path, source.root, source.kind) == (folder / "src" / "start.js", folder, SourceKind.MODULE)
    write(tmp_path, b"3", "outside.js")
    write(folder, b'{"main": "../outside.js"}', "package.json")
    assert "leaves the folder" in refusal(folder).cause
    assert read_source(tmp_path / "outside.js").root == tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.js")
    assert refusal(tmp_path / "pipe.js").cause == "it is a named pipe"
    os.mkfifo(tmp_path / "package.json")
    assert read_source(write(tmp_path, b"1")).text == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="no devices in the file system")
def test_devices_and_sockets_are_refused() -> None:
    assert refusal(Path("/dev/zero")).cause == "it is a device"
    assert refusal(Path("/dev/stdin")).cause != ""
    with tempfile.TemporaryDirectory(prefix="s") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/s")
        assert refusal(Path(folder) / "s").cause == "it is a socket"


def test_above_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.js"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "200,000,001 bytes, more than 200 MB" in refusal(path).cause


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, b"1")
    path.chmod(0)
    assert refusal(path).cause == "permission denied"


def test_links_are_resolved(tmp_path: Path) -> None:
    real = write(tmp_path, b"1", "real.mjs")
    link = tmp_path / "link.js"
    link.symlink_to(real)
    source = read_source(link)
    assert source.path == real.resolve()
    assert source.url == real.resolve().as_uri()
    assert source.root == tmp_path.resolve()
    assert source.kind_reason == "the suffix .mjs"


def test_broken_and_circular_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.js").symlink_to(tmp_path / "gone.js")
    assert "a link to" in refusal(tmp_path / "broken.js").cause
    (tmp_path / "a.js").symlink_to(tmp_path / "b.js")
    (tmp_path / "b.js").symlink_to(tmp_path / "a.js")
    assert "circle" in refusal(tmp_path / "a.js").cause


def test_names_are_shown_as_plain_text(tmp_path: Path) -> None:
    error = refusal(tmp_path / "\x1b[31m\u202egone.js")
    assert "\x1b" not in str(error)
    assert r"\x1b[31m\u202egone.js" in str(error)


@pytest.mark.parametrize("name", ["a\0b.js", "x" * 300 + ".js"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    refusal(tmp_path / name)


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist on Linux alone")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.js"))
    path.write_text("1")
    source = read_source(path)
    assert source.url.endswith("%FF.js")
    assert "\\udcff" in str(refusal(path.with_name("\udcfe.js")))
