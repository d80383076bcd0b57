// An end of a consultation as a course sees it, in whichever language it is written.

import type { Bytes } from "../src/protocol/bytes.ts";
import type { Cover } from "../src/protocol/pacer.ts";

/** What happens to an end at one time. */
export type Happening =
  | { readonly type: "join" }
  | { readonly type: "take"; readonly cell: Bytes }
  /** After words that find no room, no others of that turn are said. */
  | { readonly type: "say"; readonly text: string }
  | { readonly type: "cover"; readonly cover: Cover };

export interface Turn {
  /** Microseconds since the course began: a clock that both languages count alike. */
  readonly at: number;
  /** Whether cells can leave. */
  readonly isJoined: boolean;
  readonly happenings: readonly Happening[];
}

/** What follows from a turn, and how the end stands after it. */
export interface Outcome {
  readonly cells: readonly Bytes[];
  readonly texts: readonly string[];
  readonly isNew: boolean;
  /** Cells that the other end has not made. */
  readonly refused: number;
  /** Words that found room, since the end began, and those of them that have arrived. */
  readonly said: number;
  readonly delivered: number;
  /** When it wants a turn though nothing happens. */
  readonly wakesAt: number;
  readonly routes: readonly Bytes[];
}

export interface End {
  turn(turn: Turn): Promise<Outcome>;
}
