// A loop that throws and catches without end: a stop must not be caught.
for (;;) {
  try {
    throw new Error("again");
  } catch {
    continue;
  }
}
