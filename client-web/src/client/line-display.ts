// What the person is told about the line: the truth, but not every blink of it.

import type { LineShown } from "./consultation.ts";

/**
 * A circuit that changes, or a phone that goes from one network to the next, is back sooner. To show that would
 * alarm, and an announcement by a screen reader would already be wrong when it is heard.
 */
const SHOWN_AFTER_MILLISECONDS = 1_500;

export class LineDisplay {
  #shown: LineShown = "joined";
  #shownSince = 0;
  #next: LineShown = "joined";
  #nextSince = 0;

  /** Takes what is true now, returns what to show. A line that works is shown at once. */
  see(now: LineShown, elapsed: number): LineShown {
    if (now !== this.#next) {
      this.#next = now;
      this.#nextSince = elapsed;
    }
    if (now !== this.#shown && (now === "joined" || elapsed - this.#nextSince >= SHOWN_AFTER_MILLISECONDS)) {
      this.#shown = now;
      this.#shownSince = this.#nextSince;
    }
    return this.#shown;
  }

  /** Whole minutes for which this has been so. */
  minutes(elapsed: number): number {
    return Math.floor((elapsed - this.#shownSince) / 60_000);
  }
}
