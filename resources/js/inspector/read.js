// One property of the object that it is called on: a getter runs now.
function (name) {
  return this[name];
}
