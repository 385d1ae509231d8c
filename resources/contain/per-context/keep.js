// Run in each new context of the case "many-contexts": memory that only the end of the context gives back.
globalThis.kept = new Array(5e5).fill(0.5);
