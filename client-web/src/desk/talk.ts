// What passes between the worker and one other person, a client or a colleague, as this page holds it.

import { textToSend } from "./draft.ts";
import type { Message, Whisper } from "./messages.ts";

export interface Talk<Said extends Message | Whisper> {
  readonly messages: readonly Said[];
  readonly draft: string;
  /** Texts handed to the socket that the console has not yet shown back. */
  readonly outgoing: readonly string[];
  readonly unread: number;
}

export function talkOf<Said extends Message | Whisper>(messages: readonly Said[]): Talk<Said> {
  return { messages, draft: "", outgoing: [], unread: 0 };
}

export function isOwn({ from }: Message | Whisper): boolean {
  return from === "worker" || from === "me";
}

/** The draft was handed to the socket. */
export function withDraftSent<Of extends Pick<Talk<Message>, "draft" | "outgoing">>(talk: Of): Of {
  return { ...talk, draft: "", outgoing: [...talk.outgoing, textToSend(talk.draft)] };
}

/** Something was said, or is told again because its state has changed. */
export function withSaid<Said extends Message | Whisper, Of extends Talk<Said>>(talk: Of, said: Said): Of {
  const known = talk.messages.some((one) => isSame(one, said));
  const messages = known
    ? talk.messages.map((one) => (isSame(one, said) ? said : one))
    : [...talk.messages, said];
  if (isOwn(said)) {
    return { ...talk, messages, outgoing: known ? talk.outgoing : withoutFirst(talk.outgoing, said.text) };
  }
  return { ...talk, messages, unread: known ? talk.unread : talk.unread + 1 };
}

/** Everything that the worker said up to this number has arrived. */
export function withDelivered<Said extends Message | Whisper, Of extends Talk<Said>>(
  talk: Of,
  upTo: number,
): Of {
  const messages = talk.messages.map((one) =>
    isOwn(one) && one.number <= upTo && !one.delivered ? { ...one, delivered: true } : one,
  );
  return { ...talk, messages };
}

/** Texts that never reached the other go back into the draft instead of getting lost. */
export function withOutgoingRestored<Of extends Pick<Talk<Message>, "draft" | "outgoing">>(talk: Of): Of {
  const draft = [...talk.outgoing, talk.draft].filter((text) => text !== "").join("\n");
  return { ...talk, outgoing: [], draft };
}

/** After a break with the console: what it holds now, and what this page still has to say. */
export function withAllSaid<Said extends Message | Whisper, Of extends Talk<Said>>(
  before: Of,
  messages: readonly Said[],
): Of {
  const arrived = messages.slice(before.messages.length);
  const own = arrived.filter(isOwn);
  return withOutgoingRestored({
    ...before,
    messages,
    outgoing: before.outgoing.filter((text) => !own.some((message) => message.text === text)),
    unread: before.unread + arrived.length - own.length,
  });
}

function isSame(one: Message | Whisper, other: Message | Whisper): boolean {
  return one.number === other.number && one.from === other.from;
}

function withoutFirst(texts: readonly string[], text: string): readonly string[] {
  const index = texts.indexOf(text);
  return index === -1 ? texts : texts.filter((_, at) => at !== index);
}
