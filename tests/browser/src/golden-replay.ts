// Runs inside the browser: the client's end of the golden consultation, with the page's own protocol code.

import { fromHex, toHex } from "../../../client-web/src/protocol/bytes.ts";
import { startHandshake } from "../../../client-web/src/protocol/handshake.ts";
import { parseLink, token } from "../../../client-web/src/protocol/link.ts";
import type { Language, Subject } from "../../../client-web/src/protocol/triage.ts";

export interface Golden {
  readonly now: number;
  readonly origin: string;
  readonly language: Language;
  readonly subject: Subject;
  readonly link: string;
  readonly token: string;
  readonly client_random: string;
  readonly opening: string;
  readonly answer: string;
  readonly steps: readonly {
    readonly from: "client" | "worker";
    readonly record: "empty" | "text" | "close";
    readonly text: string;
    readonly cells: readonly string[];
  }[];
}

/** What the browser made of it, in the golden file's own form. */
export interface Replayed {
  readonly token: string;
  readonly opening: string;
  readonly steps: readonly {
    readonly record: string;
    readonly text: string;
    readonly cells: readonly string[];
  }[];
}

function replay(golden: Golden): Replayed {
  const link = parseLink(golden.link);
  const sent = toHex(token(link));
  let random = fromHex(golden.client_random);
  const awaiting = startHandshake(
    link,
    golden.origin,
    { language: golden.language, subject: golden.subject, channel: link.channel },
    (length) => {
      const drawn = random.slice(0, length);
      random = random.slice(length);
      return drawn;
    },
  );
  const opening = toHex(awaiting.opening);
  const { session } = awaiting.finish(fromHex(golden.answer), golden.now);
  const steps = golden.steps.map(({ from, record, text, cells }) => {
    if (from === "client") {
      const sealed =
        record === "empty" ? [session.sealEmpty()] : session.sealRecord({ type: "text", text }).cells;
      return { record, text, cells: sealed.map(toHex) };
    }
    const heard = cells.map((cell) => session.openCell(fromHex(cell)).record).at(-1);
    return { record: heard?.type ?? "empty", text: heard?.type === "text" ? heard.text : "", cells };
  });
  return { token: sent, opening, steps };
}

Object.assign(globalThis, { replay });
