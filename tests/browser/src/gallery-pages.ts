// The gallery, served on loopback: every state of both pages with made-up words.

import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Browser } from "playwright-core";
import { pageDirectory } from "./paths.ts";
import { deskLanguages, type Language, languages } from "./texts.ts";

export const galleryPages = ["client", "desk"] as const;
export type GalleryPage = (typeof galleryPages)[number];

export const languagesOf: Readonly<Record<GalleryPage, readonly Language[]>> = {
  client: languages,
  desk: deskLanguages,
};

const folders: Readonly<Record<GalleryPage, string>> = { client: "", desk: "desk/" };
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export class Gallery {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(directory = pageDirectory("gallery")): Promise<Gallery> {
    // All at once, because somebody may build the pages anew meanwhile.
    const files = await filesOf(directory);
    const server = createServer((request, response) => {
      const asked = new URL(request.url ?? "/", "http://gallery").pathname
        .replace(/\/$/, "/index.html")
        .slice(1);
      const bytes = files.get(asked);
      if (bytes === undefined) response.writeHead(404).end();
      else response.setHeader("content-type", types[path.extname(asked)] ?? "text/plain").end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Gallery(server);
  }

  close(): void {
    this.#server.close();
  }

  address(page: GalleryPage, state: string, language: Language = "en"): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${folders[page]}?state=${state}&language=${language}`;
  }

  /** The gallery itself says which states there are, when it is asked for one that is not. */
  async states(browser: Browser, of: GalleryPage): Promise<readonly string[]> {
    const page = await browser.newPage();
    const failed = page.waitForEvent("pageerror");
    await page.goto(this.address(of, "none-of-them"));
    const { message } = await failed;
    await page.close();
    const [, names] = /there are (.+)$/.exec(message) ?? [];
    if (names === undefined) throw new Error(`the gallery names no states: ${message}`);
    return names.split(", ");
  }
}

/** Runs in the page: what is folded away belongs to the state too. */
export function unfold(): void {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

async function filesOf(root: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const read = names
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(root, file), await readFile(file)] as const;
    });
  return new Map(await Promise.all(read));
}
