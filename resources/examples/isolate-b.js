// Second of two isolates: what the first one did is not here.
console.log("typeof shared =", typeof globalThis.shared);
console.log("typeof [].where =", typeof [].where);
console.log("An isolate shares nothing but its process with another one.");
