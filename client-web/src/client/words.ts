// The words of the page: a file for each language, of which the one that is read is fetched, and asked for again
// until it is there. What is on the screen meanwhile stays.

import { createText, type Language, type Messages, type Text } from "../shared/text.ts";
import { Later } from "./later.ts";
import type { World } from "./world.ts";

const AGAIN_MIN_MILLISECONDS = 1_000;
const AGAIN_MAX_MILLISECONDS = 15_000;

export interface WordsWorld extends Pick<World, "elapsedMilliseconds" | "isOnline"> {
  /** `undefined` when it did not come. */
  fetchWords(language: Language): Promise<Messages | undefined>;
  arrived(text: Text): void;
  /** They did not come yet, and are asked for again. */
  late(language: Language): void;
}

export class Words {
  readonly #world: WordsWorld;
  readonly #later: Later;
  readonly #known = new Map<Language, Text>();
  #wanted: Language | undefined;
  #againMilliseconds = AGAIN_MIN_MILLISECONDS;

  constructor(world: WordsWorld) {
    this.#world = world;
    this.#later = new Later(world, () => this.tryNow());
  }

  want(language: Language): void {
    this.forget();
    this.#againMilliseconds = AGAIN_MIN_MILLISECONDS;
    this.#wanted = language;
    this.tryNow();
  }

  /** What comes after this is not shown any more. */
  forget(): void {
    this.#later.cancel();
    this.#wanted = undefined;
  }

  tryNow(): void {
    this.#later.cancel();
    if (this.#wanted !== undefined) void this.#ask(this.#wanted);
  }

  async #ask(language: Language): Promise<void> {
    if (!this.#known.has(language)) {
      const messages = await this.#world.fetchWords(language);
      if (messages !== undefined) this.#known.set(language, createText(language, messages));
    }
    if (this.#wanted !== language) return;
    const text = this.#known.get(language);
    if (text !== undefined) {
      this.forget();
      this.#world.arrived(text);
      return;
    }
    this.#later.in(this.#againMilliseconds);
    this.#againMilliseconds = Math.min(2 * this.#againMilliseconds, AGAIN_MAX_MILLISECONDS);
    this.#world.late(language);
  }
}
