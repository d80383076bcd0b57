// What a course knows of one end.

import { type Bytes, equal } from "../src/protocol/bytes.ts";
import type { Side } from "../src/protocol/conduct.ts";
import type { End, Outcome } from "./end.ts";

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

  /** Notes what this end tells, and says whether anything arrived; throws if it tells what is not so. */
  note(
    { texts, said, delivered, routes }: Outcome,
    other: Seat,
    wordsOfOther: (number: number) => string | undefined,
  ): boolean {
    for (const text of texts) {
      const isRight = text === wordsOfOther(this.heard);
      if (!isRight) throw new Error(`the ${this.side} heard as number ${this.heard}: ${text.slice(0, 40)}`);
      this.heard += 1;
    }
    this.routes = routes;
    this.said = this.saidBefore + said;
    const arrived = this.saidBefore + delivered;
    const isTrue = arrived >= this.delivered && arrived <= Math.min(this.said, other.heard);
    if (!isTrue) throw new Error(`${arrived} of ${this.said} delivered, and ${other.heard} heard`);
    const isNews = arrived > this.delivered || texts.length > 0;
    this.delivered = arrived;
    return isNews;
  }

  /** Where both can meet, as a client comes to one route and a worker waits at several. */
  shares(other: Seat): boolean {
    return this.routes.some((route) => other.routes.some((each) => equal(each, route)));
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
