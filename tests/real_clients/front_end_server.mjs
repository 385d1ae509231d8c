// Serves the DevTools front end of npm's chrome-devtools-frontend: TypeScript sources, translated as they are asked for,
// with the four kinds of files that its own build would generate.
//
//   node front_end_server.mjs FOLDER      FOLDER has node_modules; prints the port

import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(path.resolve(process.argv[2]), 'index.js'));
const esbuild = require('esbuild');
const root = path.join(path.dirname(require.resolve('chrome-devtools-frontend/package.json')), 'front_end');
const types = {
  '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json',
  '.mjs': 'text/javascript', '.png': 'image/png', '.svg': 'image/svg+xml',
};
const locales = `export const LOCALES = ['en-US'];
export const BUNDLED_LOCALES = ['en-US'];
export const DEFAULT_LOCALE = 'en-US';
export const REMOTE_FETCH_PATTERN = '';
export const LOCAL_FETCH_PATTERN = './locales/@LOCALE@.json';
`;

function images() {
  const folder = path.join(root, 'Images');
  const names = [
    ...fs.readdirSync(path.join(folder, 'src')).map(name => [`src/${name}`, name]),
    ...fs.readdirSync(folder).filter(name => /\.(png|avif)$/.test(name)).map(name => [name, name]),
  ];
  const rules = names.map(([place, name]) => `--image-file-${path.parse(name).name}:url(/Images/${place});`);
  return `const sheet = new CSSStyleSheet();
sheet.replaceSync(${JSON.stringify(`:root{${rules.join('')}}`)});
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
`;
}

function page(name) {
  const template = fs.readFileSync(path.join(root, 'entrypoint_template.html'), 'utf8');
  // its policy is written for where Chrome keeps it
  return template.replaceAll('%ENTRYPOINT_NAME%', name).replace(/<meta\s+http-equiv[^>]*>/s, '');
}

function translated(file) {
  const options = { compilerOptions: { useDefineForClassFields: false } };
  return esbuild.transformSync(fs.readFileSync(file, 'utf8'), { loader: 'ts', target: 'es2022', tsconfigRaw: options }).code;
}

function answer(name) {
  const file = path.join(root, name);
  const javascript = types['.js'];
  if (!file.startsWith(root)) return null;
  if (/^\/[a-z_]+\.html$/.test(name)) return [page(path.parse(name).name), types['.html']];
  if (name === '/Images/Images.js') return [images(), javascript];
  if (name === '/core/i18n/locales.js') return [locales, javascript];
  if (name === '/core/i18n/locales/en-US.json') return ['{}', types['.json']];  // the sources' own words stand
  if (name.endsWith('.css.js')) {
    return [`export default ${JSON.stringify(fs.readFileSync(file.slice(0, -3), 'utf8'))};`, javascript];
  }
  if (name.endsWith('.skill.js')) return ['export const skill = {};', javascript];  // of its assistant, which is not asked
  if (fs.existsSync(file)) return [fs.readFileSync(file), types[path.extname(file)] ?? 'application/octet-stream'];
  const source = file.replace(/\.js$/, '.ts');
  return fs.existsSync(source) ? [translated(source), javascript] : null;
}

http.createServer((request, response) => {
  let found = null;
  try {
    found = answer(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  } catch (error) {
    console.error(`${request.url}: ${error.message}`);
  }
  response.writeHead(found ? 200 : 404, { 'Content-Type': found?.[1] ?? 'text/plain', 'Cache-Control': found ? 'max-age=3600' : 'no-store' });
  response.end(found?.[0]);
}).listen(Number(process.argv[3] ?? 0), '127.0.0.1', function () {
  console.log(this.address().port);
});
