// Gives back what it got: V8 then remembers it as the last result, which the console calls $_.
function (value) {
  return value;
}
