// Run in each new context of the case "many-contexts": memory that only the end of the context gives back.
globalThis.kept = Array.from({ length: 20000 }, (_, i) => ({ i }));
