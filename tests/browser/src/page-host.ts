// A plain web server for the client's page, apart from any relay: it sends the files that the relay has written for it,
// with the headers that the relay says, and does nothing else.

import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export class PageHost {
  readonly #server: Server;
  readonly #files = new Map<string, Buffer>();
  #headers: readonly (readonly [string, string])[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const asked = (request.url ?? "/").replace(/\/$/, "/index.html").slice(1);
      const bytes = this.#files.get(asked);
      for (const [name, value] of this.#headers) response.setHeader(name, value);
      if (bytes === undefined) response.writeHead(404).end();
      else response.setHeader("content-type", types[path.extname(asked)] ?? "text/plain").end(bytes);
    });
  }

  static async start(): Promise<PageHost> {
    const host = new PageHost();
    await new Promise<void>((resolve) => host.#server.listen(0, "127.0.0.1", resolve));
    return host;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Takes what `--write-page` wrote. */
  async serve(folder: string): Promise<void> {
    const lines = (await readFile(path.join(folder, "headers.txt"), "utf8")).trim().split("\n");
    this.#headers = lines.map((line) => {
      const [name = "", ...value] = line.split(": ");
      return [name, value.join(": ")] as const;
    });
    const page = path.join(folder, "page");
    for (const name of await readdir(page)) this.#files.set(name, await readFile(path.join(page, name)));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
