// Drives the DevTools front end in headless Chromium as a person would, by clicks and keys, and takes screenshots.
//
//   node front_end.mjs FOLDER WEBSOCKET FRONT_END_PORT SHOTS

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const [folder, webSocket, port, shots] = process.argv.slice(2);
const CDP = createRequire(path.join(path.resolve(folder), 'index.js'))('chrome-remote-interface');
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'front-end-'));
const sleep = ms => new Promise(done => setTimeout(done, ms));

async function until(look, what) {
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(200)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

const chromium = spawn('chromium', [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', '--window-size=1400,900',
  `--user-data-dir=${profile}`, 'about:blank',
], { stdio: 'ignore' });

try {
  const portFile = path.join(profile, 'DevToolsActivePort');
  const chromePort = Number((await until(() => fs.existsSync(portFile) && fs.readFileSync(portFile, 'utf8'), 'Chromium')).split('\n')[0]);
  const tab = await until(async () => (await CDP.List({ port: chromePort })).find(one => one.type === 'page'), 'a tab');
  const { Input, Page, Runtime } = await CDP({ port: chromePort, target: tab });
  await Page.enable();
  await Runtime.enable();

  // The front end is made of shadow roots: what its elements say is looked for through all of them.
  const walk = `function* walk(node) {
    yield node;
    for (const child of node.shadowRoot?.childNodes ?? []) yield* walk(child);
    for (const child of node.childNodes) yield* walk(child);
  }`;
  async function place(words, { exact = true } = {}) {
    const { result } = await Runtime.evaluate({ returnByValue: true, expression: `(() => { ${walk}
      for (const node of walk(document.body)) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        const own = [node.getAttribute('aria-label'), node.getAttribute('title'),
          ...[...node.childNodes].filter(one => one.nodeType === Node.TEXT_NODE).map(one => one.data.trim())];
        const fits = own.some(text => text && (${exact} ? text === ${JSON.stringify(words)} : text.includes(${JSON.stringify(words)})));
        const box = fits && node.getBoundingClientRect();
        if (box && box.width && box.height) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      return null; })()` });
    return result.value;
  }
  const see = words => until(() => place(words, { exact: false }), `"${words}"`);
  async function click(words) {
    const at = await until(() => place(words), `"${words}"`);
    for (const type of ['mousePressed', 'mouseReleased']) await Input.dispatchMouseEvent({ type, ...at, button: 'left', clickCount: 1 });
    await sleep(500);
  }
  async function key(name, code, modifiers = 0) {
    for (const type of ['keyDown', 'keyUp']) {
      await Input.dispatchKeyEvent({ type, key: name, code: name, windowsVirtualKeyCode: code, modifiers, ...(name === 'Enter' ? { text: '\r' } : {}) });
    }
    await sleep(500);
  }
  async function shoot(name) {
    await sleep(1500);
    const { data } = await Page.captureScreenshot();
    fs.writeFileSync(path.join(shots, `${name}.png`), Buffer.from(data, 'base64'));
    console.log(name);
  }

  await Page.navigate({ url: `http://127.0.0.1:${port}/js_app.html?experiments=true&v8only=true&ws=${webSocket.slice(5)}` });
  await see('front end sees this');
  await Input.insertText({ text: '({ answer: 6 * 7, list: [1, 2, 3] })' });
  await key('Enter', 13);
  await see('42');
  await shoot('console');

  await click('Sources');
  await sleep(2000);
  await key('F8', 119);
  await see('Debugger paused');
  await shoot('paused');
  await key('F10', 121);
  await key('F8', 119);
  await until(async () => !(await place('Debugger paused', { exact: false })), 'the end of the pause');

  await click('Memory');
  await click('Take snapshot');
  await see('Distance');
  await shoot('snapshot');
  assert.equal(fs.readdirSync(shots).filter(name => name.endsWith('.png')).length >= 3, true);
} finally {
  chromium.kill('SIGKILL');
  await new Promise(done => chromium.on('exit', done));
  fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(0);
