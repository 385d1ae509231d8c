// A module's namespace can't be cloned; an object with its exports can.
function () { return { __proto__: null, ...this }; }
