// Many pictures as one.

import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";

/** All pictures of a folder as one, so that a person can look at them at once: beside the folder, in `sheets`. */
export async function contactSheet(
  browser: Browser,
  directory: string,
  sheet: string,
  width: number,
): Promise<void> {
  const pictures = (await readdir(directory)).filter((file) => file.endsWith(".png")).sort();
  const figures = pictures.map(
    (file) => `<figure><figcaption>${path.basename(file, ".png")}</figcaption><img src="${file}"></figure>`,
  );
  const shown = width > 800 ? 620 : 300;
  const html = `<!doctype html><meta charset="utf-8"><style>
    body { margin: 16px; background: #888; font: 14px sans-serif; columns: ${width > 800 ? 4 : 8}; column-gap: 16px }
    figure { margin: 0 0 16px; break-inside: avoid } img { width: ${shown}px; display: block }
  </style>${figures.join("")}`;
  const file = path.join(directory, "sheet.html");
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: { width: 2_600, height: 1_000 } });
  await page.goto(pathToFileURL(file).href);
  const sheets = path.join(directory, "../sheets");
  await mkdir(sheets, { recursive: true });
  await page.screenshot({ path: path.join(sheets, `${sheet}.png`), fullPage: true });
  await page.close();
}
