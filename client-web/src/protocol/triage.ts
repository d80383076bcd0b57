// What a client says before a worker answers. Mirrors docs/protocol.md sections 3 (channel) and 7 (opening).

export const SUBJECT = {
  notSaid: 0,
  overdose: 1,
  saferUse: 2,
  health: 3,
  infections: 4,
  treatment: 5,
  feelings: 6,
  law: 7,
  somebodyClose: 8,
  other: 9,
} as const;

/** As a service names them: the subjects of its card, the topics of its leaflets. Not for "not said". */
export const SUBJECT_BY_NAME: ReadonlyMap<unknown, keyof typeof SUBJECT> = new Map<
  unknown,
  keyof typeof SUBJECT
>([
  ["danger", "overdose"],
  ["safer_use", "saferUse"],
  ["wounds", "health"],
  ["tests", "infections"],
  ["treatment", "treatment"],
  ["feelings", "feelings"],
  ["law", "law"],
  ["somebody_close", "somebodyClose"],
  ["other", "other"],
]);

export const CHANNEL = {
  notSaid: 0,
  messenger: 1,
  forum: 2,
  socialNetwork: 3,
  site: 4,
  bot: 5,
  poster: 6,
  return: 7,
} as const;

export type Subject = (typeof SUBJECT)[keyof typeof SUBJECT];
export type Channel = (typeof CHANNEL)[keyof typeof CHANNEL];

export interface Triage {
  /** The byte of a language. */
  readonly language: number;
  readonly subject: Subject;
  readonly channel: Channel;
}

/** Links of later versions may name channels that this one does not know. */
export function channelOf(byte: number): Channel {
  return Object.values(CHANNEL).find((channel) => channel === byte) ?? CHANNEL.notSaid;
}
