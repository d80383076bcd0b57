// What a course knows of one end.

import type { Bytes } from "../src/protocol/bytes.ts";
import type { Side } from "../src/protocol/conduct.ts";
import type { End } from "./end.ts";

export class Seat<Kind extends End = End> {
  readonly side: Side;
  end: Kind;
  /** The socket that is joined, as this end believes. */
  line: number | undefined;
  /** Times are in microseconds. */
  brokenSince = 0;
  heardNewAt = 0;
  wakesAt = 0;
  routes: readonly Bytes[] = [];
  highestSent = 0;

  /** Of all words of this side. */
  said = 0;
  delivered = 0;
  /** Of all words of the other side. */
  heard = 0;
  /** Words that arrived of the end before this one. */
  saidBefore = 0;
  /** What the end before this one could not say is not yet known. */
  isMute = false;

  constructor(side: Side, end: Kind) {
    this.side = side;
    this.end = end;
  }

  /** Another end goes on, as what the other side knows. */
  takeOver(end: Kind, other: Seat): void {
    this.end = end;
    this.saidBefore = other.heard;
    this.heard = other.delivered;
    this.highestSent = 0;
    this.isMute = true;
  }
}
