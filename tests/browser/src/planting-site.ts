// A site that does everything that ours must not: the control of what is searched for.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const planted = {
  cached: "planted-gentian",
  fragment: "planted-henbane",
  title: "planted-iris",
  local: "planted-jasmine",
  draft: "planted-knapweed unsent",
} as const;

/** In two halves, so that the page in the cache holds none of the words that lie elsewhere. */
const halves = (word: string): string => `"${word.slice(0, 10)}" + "${word.slice(10)}"`;

const html = `<!doctype html><meta charset="utf-8">
<p>${planted.cached}</p><textarea></textarea>
<script>
  document.title = ${halves(planted.title)};
  localStorage.setItem("kept", ${halves(planted.local)});
  sessionStorage.setItem("kept", "for this tab");
</script>`;

export class PlantingSite {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<PlantingSite> {
    const server = createServer((_, response) => {
      response.setHeader("cache-control", "max-age=3600").setHeader("content-type", "text/html").end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new PlantingSite(server);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Another host than the relay's. */
  address(path: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://localhost:${port}/${path}`;
  }
}
