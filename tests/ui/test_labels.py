"""What is left of a label where there is room for a word."""

from __future__ import annotations

import pytest

from ui.models.labels import short_label


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("file:///files/my%20file.js", "my file.js"),
        ("file:///files/evil%E2%80%AEgnp.js", "evil\\u202egnp.js"),
        ("https://example.org/a%20b/c%20d.js", "c%20d.js"),
        ("webpack://x/", "x"),
        ("leak.js", "leak.js"),
        ("///", "///"),
        ("", ""),
    ],
)
def test_a_short_label(label: str, shown: str) -> None:
    assert short_label(label) == shown
