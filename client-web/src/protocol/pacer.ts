// When cells leave, so that who watches the line does not see when somebody writes; and whether a line still
// lives. Mirrors docs/protocol.md sections 6 ("rejoining") and 9 ("cover").

import type { Bytes } from "./bytes.ts";
import type { Session } from "./session.ts";

/** No new cell for so long: the line is dropped and joined again. */
export const SILENT_AFTER_MS = 16_000;
/** Nothing heard for so long: the consultation is lost. */
export const ABSENT_AFTER_MS = 1_800_000;

const SLOT_MIN_MS = 1_500;
const SLOT_MAX_MS = 2_500;
const IDLE_MIN_MS = 6_000;
const IDLE_MAX_MS = 10_000;
/** Always as many, whatever there is to say: fresh secrets and a first word find room in them. */
const SLOTS_AT_ONCE = 3;
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 15_000;

/** `steady`: a cell in each slot, whatever is due. `sparing`: what is due at once, and little else. */
export type Cover = "steady" | "sparing";

/** A `chance` is uniform from 0 to 1, drawn anew for each call. */
export class Pacer {
  #cover: Cover;
  #wakesAt = 0;
  #isNewLine = true;
  #isHurried = false;
  /** The slots that a new line begins with. */
  #slotsAtOnce = 0;

  constructor(cover: Cover) {
    this.#cover = cover;
  }

  /** In `elapsedMs`. */
  get wakesAt(): number {
    return this.#wakesAt;
  }

  setCover(cover: Cover): void {
    // The next cell was planned in the other rhythm: it goes now, and begins this one.
    if (cover !== this.#cover) this.#wakesAt = 0;
    this.#cover = cover;
  }

  /** A new line, where an empty cell goes first. `rejoined` and `freshen` have told the session what is due. */
  joined(elapsedMs: number, chance: number): void {
    this.#isNewLine = true;
    this.#slotsAtOnce = SLOTS_AT_ONCE;
    this.#plan(elapsedMs, chance);
  }

  /** A `close` was said or heard: nothing waits any more. */
  hurry(): void {
    this.#isHurried = true;
  }

  /** What to send now. To be called whenever something happened, and at `wakesAt`. */
  cells(session: Session, elapsedMs: number, chance: number): Bytes[] {
    const cells: Bytes[] = [];
    if (this.#isNewLine) {
      this.#isNewLine = false;
      cells.push(...some(session.emptyCell()), ...all(() => session.repeatedCell()));
      this.#plan(elapsedMs, chance);
    }
    for (; this.#slotsAtOnce > 0; this.#slotsAtOnce -= 1) cells.push(...some(session.slotCell()));
    if (this.#isHurried || this.#cover === "sparing" || session.isMovingFile) {
      const due = all(() => session.nextCell());
      cells.push(...due);
      if (due.length > 0) this.#plan(elapsedMs, chance);
    }
    if (elapsedMs >= this.#wakesAt) {
      cells.push(...some(session.slotCell()));
      this.#plan(elapsedMs, chance);
    }
    return cells;
  }

  #plan(elapsedMs: number, chance: number): void {
    const [min, max] = this.#cover === "steady" ? [SLOT_MIN_MS, SLOT_MAX_MS] : [IDLE_MIN_MS, IDLE_MAX_MS];
    this.#wakesAt = elapsedMs + min + chance * (max - min);
  }
}

/** How long after one try to join again the next follows. */
export function retryDelayMs(brokenForMs: number, chance: number): number {
  const delay = Math.min(Math.max(brokenForMs / 8, RETRY_MIN_MS), RETRY_MAX_MS);
  return delay * (0.5 + chance / 2);
}

function some(cell: Bytes | undefined): Bytes[] {
  return cell === undefined ? [] : [cell];
}

/** The window bounds it. */
function all(take: () => Bytes | undefined): Bytes[] {
  const cells: Bytes[] = [];
  for (let cell = take(); cell !== undefined; cell = take()) cells.push(cell);
  return cells;
}
