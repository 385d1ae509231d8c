globalThis.order = ["slow"];
await new Promise(done => setTimeout(done, 5));
globalThis.order.push("woke");
