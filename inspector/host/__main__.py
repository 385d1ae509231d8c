"""`python -m inspector.host`: started by the pool, never by hand."""

from __future__ import annotations

from inspector.host.main import main

if __name__ == "__main__":
    main()
