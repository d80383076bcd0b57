// For tests alone: what the steps of the golden transcripts mean (docs/protocol.md section 13). Replayed by both ends
// in Node.js (golden.test.ts), and by the client's inside a browser (tests/browser/src/golden-replay.ts).

import { type Bytes, fromHex } from "./bytes.ts";
import type { CardKind } from "./card-text.ts";
import type { FileKind } from "./file.ts";
import type { HandOver, Random } from "./handshake.ts";
import type { SpokenRecord, Survey } from "./record.ts";
import type { Session } from "./session.ts";

export interface Step {
  readonly from: "client" | "worker";
  readonly record:
    | "first"
    | "acknowledgement"
    | "lost_text"
    | "rejoined"
    | "fresh_opening"
    | "fresh_answer"
    | "file_part"
    | SpokenRecord["type"];
  readonly text: string;
  readonly cells: readonly string[];
}

/** What the worker gives the client to keep, and what the client answers, as the transcript writes it. */
export interface Given {
  readonly card: { readonly kind: CardKind; readonly title: string; readonly body: string };
  readonly return_link: string;
  readonly survey: Survey;
  /** Hex. */
  readonly file: { readonly kind: FileKind; readonly content: string };
}

/** What stands elsewhere in the transcript. */
export interface Means {
  readonly given: Given;
  readonly handOver: HandOver;
  /** Hex. */
  readonly freshRandom: string;
  /** For the first record after a hand-over. */
  readonly receivedBelow: bigint;
}

/** What a step says, if it says anything. */
export function spokenBy({ record, text }: Step, means: Means): SpokenRecord | undefined {
  switch (record) {
    case "text":
    case "lost_text":
      return { type: "text", text };
    case "close":
      return { type: "close", reason: "ended" };
    case "hand_over":
      return { type: "hand_over", ...means.handOver };
    case "hand_over_reply":
      return { type: "hand_over_reply", reply: "agreed" };
    case "carried_over":
      return { type: "carried_over", receivedBelow: means.receivedBelow };
    case "card":
      return { type: "card", ...means.given.card };
    case "return_link":
      return { type: "return_link", linkText: means.given.return_link };
    case "end_proposal":
    case "end_declined":
      return { type: record };
    case "survey":
      return { type: "survey", ...means.given.survey };
    case "file_offer": {
      const { kind, content } = means.given.file;
      return { type: "file_offer", file: Number(text), kind, size: fromHex(content).length };
    }
    case "file_reply": {
      const [file, reply] = text.split(" ");
      return { type: "file_reply", file: Number(file), reply: reply === "send" ? "send" : "received" };
    }
    case "file_withdrawn":
      return { type: "file_withdrawn", file: Number(text) };
    default:
      return undefined;
  }
}

/** Takes the step at the end that it is from; a worker has answered a `fresh_opening` before. */
export function cellsOf(session: Session, step: Step, means: Means): Bytes[] {
  const spoken = spokenBy(step, means);
  if (spoken !== undefined) session.say(spoken);
  if (step.record === "fresh_opening") session.freshen(0, dealing(means.freshRandom));
  if (step.record === "rejoined") session.rejoined(0);
  if (step.record === "file_part") session.sendFile(Number(step.text), fromHex(means.given.file.content));
  const first = step.record === "first" || step.record === "rejoined" ? session.emptyCell() : undefined;
  const cells = first === undefined ? [] : [first];
  for (let cell = session.nextCell(); cell !== undefined; cell = session.nextCell()) cells.push(cell);
  return cells;
}

/** Deals out the given bytes in order, and must not be asked for more. */
export function dealing(hex: string): Random {
  let rest: Bytes = fromHex(hex);
  return (length) => {
    if (length > rest.length) throw new RangeError("the transcript draws fewer bytes");
    const dealt = rest.slice(0, length);
    rest = rest.slice(length);
    return dealt;
  };
}
