// The client's page as one file: script, styles and icon stand in it, and its own Content-Security-Policy names their
// hashes, so that one changed byte of them runs nowhere. Nobody serves it, so no header could say so.

import { createHash } from "node:crypto";

/** Any relay's: one file is signed for all services, and the link alone says where its relay is. */
const CONNECT = "https: wss: http://*.onion ws://*.onion";

/** Where the page says without scripts what to do with its address, a file says why its script may not run. */
const OF_ADDRESS = /<li class="of-address">.*<\/li>/g;
const CHANGED = [
  "If this file was changed on its way, its script does not run. Get it anew from the service.",
  "Если файл изменили по дороге, его скрипт не работает. Получите файл у службы ещё раз.",
  "Якщо файл змінили дорогою, його скрипт не працює. Отримайте файл від служби ще раз.",
  "إذا غُيِّر هذا الملف في طريقه فلن يعمل برنامجه. احصلوا عليه من الخدمة من جديد.",
];

export function oneFile(html, { script, style, unscripted, icon }) {
  // These would end a script, or change what ends it.
  if (/<\/script|<script|<!--/i.test(script)) throw new Error("the script cannot stand in a page");
  if (/<\/style/i.test(style + unscripted)) throw new Error("the styles cannot stand in a page");
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)} ${hashOf(unscripted)}`,
    "img-src data:",
    // What cleans files is a part of the script, and is started from there.
    "worker-src blob:",
    `connect-src ${CONNECT}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const iconUrl = `data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}`;
  const addresses = html.match(OF_ADDRESS) ?? [];
  if (addresses.length !== CHANGED.length) throw new Error("not every language is there");
  return [
    [
      '    <meta charset="utf-8">\n',
      (it) => `${it}    <meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
    ],
    ['    <meta name="relay" content="">\n', () => ""],
    ['href="icon.svg"', () => `href="${iconUrl}"`],
    ['<link rel="stylesheet" href="style.css">', () => `<style>${style}</style>`],
    ['<link rel="stylesheet" href="unscripted.css">', () => `<style>${unscripted}</style>`],
    ['<script type="module" src="app.js"></script>', () => `<script type="module">${script}</script>`],
    ...addresses.map((line, i) => [line, () => `<li>${CHANGED[i]}</li>`]),
  ].reduce((text, [from, to]) => replaceOnce(text, from, to), html);
}

export function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`expected exactly one ${from}`);
  return text.replace(from, to);
}

function hashOf(text) {
  return `'sha384-${createHash("sha384").update(text).digest("base64")}'`;
}
