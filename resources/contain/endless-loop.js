// A loop that never ends: CPU alone.
for (;;);
