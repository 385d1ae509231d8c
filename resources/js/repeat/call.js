globalThis[Symbol.for("isolate-inspector.repeat")]
