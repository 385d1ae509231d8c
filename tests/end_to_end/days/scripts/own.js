// The engineer's own runaway: it keeps what it is asked to forget.
const sessions = new Map();
for (let id = 0; ; id++) sessions.set({ id }, "s".repeat(500) + id);
