// Something to be tried again by itself: later, and not while the device says that it has no network.

import type { World } from "./world.ts";

/** A frozen page may not be told that there is a network again. */
const LOOK_MILLISECONDS = 1_000;
/** The device may be wrong: so seldom it is tried all the same. */
const OFFLINE_MAX_MILLISECONDS = 120_000;

export class Later {
  readonly #world: Pick<World, "elapsedMilliseconds" | "isOnline">;
  readonly #act: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(world: Pick<World, "elapsedMilliseconds" | "isOnline">, act: () => void) {
    this.#world = world;
    this.#act = act;
  }

  in(milliseconds: number): void {
    const since = this.#world.elapsedMilliseconds();
    const look = (): void => {
      const waitedMilliseconds = this.#world.elapsedMilliseconds() - since;
      if (this.#world.isOnline() || waitedMilliseconds >= OFFLINE_MAX_MILLISECONDS) this.#act();
      else this.#timer = setTimeout(look, LOOK_MILLISECONDS);
    };
    this.cancel();
    this.#timer = setTimeout(look, milliseconds);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
