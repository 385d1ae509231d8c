// Loaded before a file: at the exit of the process, writes its highest resident memory in bytes to standard error.
'use strict';
const { readFileSync, writeSync } = require('node:fs');

function highest() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.memoryUsage.rss(); // no such file on this system: what it is at the end
  }
}

process.once('exit', () => writeSync(2, `\ncoldstart-memory ${highest()}\n`));
