// Elements `from` to `to` of the list that it is called on, holes left out. It uses no intrinsic that a script could
// have replaced; an element that is an accessor is called, as by whoever reads the list.
function (from, to) {
  const part = { __proto__: null };
  for (let at = from; at < to; at++) if (at in this) part[at] = this[at];
  return part;
}
