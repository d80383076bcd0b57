// The client's page as one file: script, styles and icon stand in it, and its own Content-Security-Policy names their
// hashes, so that one changed byte of them runs nowhere. Nobody serves it, so no header could say so.

import { createHash } from "node:crypto";

/** Any relay's: one file is signed for all services, and the link alone says where its relay is. */
const CONNECT = "https: wss: http://*.onion:* ws://*.onion:*";

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
  ].reduce((text, [from, to]) => replaceOnce(text, from, to), html);
}

export function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`expected exactly one ${from}`);
  return text.replace(from, to);
}

function hashOf(text) {
  return `'sha384-${createHash("sha384").update(text).digest("base64")}'`;
}
