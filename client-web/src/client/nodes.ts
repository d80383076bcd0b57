// The nodes of the relay, as far as this page knows them: where it looks for the worker after a line has broken.

import type { Bytes } from "../protocol/bytes.ts";
import { ALONE, inOrderOf, type Node } from "../protocol/nodes.ts";
import { isOnion } from "./place.ts";
import type { World } from "./world.ts";

/** Further down the order nobody is met who was not met before. */
const TRIED_MAX = 4;
const ASK_INTERVAL_MILLISECONDS = 5_000;

export class Nodes {
  readonly #world: World;
  #known = ALONE;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(world: World) {
    this.#world = world;
  }

  /** In the background. Without an answer what was known before holds. */
  ask(): void {
    const now = this.#world.elapsedMilliseconds();
    if (now - this.#askedAt < ASK_INTERVAL_MILLISECONDS || !this.#world.isOnline()) return;
    this.#askedAt = now;
    void this.#world.fetchNodes().then((nodes) => {
      if (nodes?.some((node) => this.#address(node) !== undefined)) this.#known = nodes;
    });
  }

  /** To be gone through one after another. */
  inOrderOf(route: Bytes): readonly string[] {
    const addresses = inOrderOf(route, this.#known).map((node) => this.#address(node));
    return addresses.filter((address) => address !== undefined).slice(0, TRIED_MAX);
  }

  /** A page that came by way of Tor never leaves it, and one that did not cannot go there. */
  #address({ at, onion }: Node): string | undefined {
    if (isOnion(this.#world.origin)) return onion ?? (at.includes("://") ? undefined : at);
    return isOnion(at) ? undefined : at;
  }
}
