// What the service gives to read before anybody answers: fetched only when somebody asks for it.

import type { LeafletCard } from "../protocol/leaflets.ts";
import { SUBJECT_BY_NAME } from "../protocol/triage.ts";
import type { Language } from "../shared/text.ts";
import type { SubjectName } from "./triage.ts";

/**
 * For who reads this language. `none`: nothing in it, nor in one that stands in for it. `unproven`: not signed by the
 * service, so not shown.
 */
export type Reading = { readonly language: Language } & (
  | { readonly stage: "fetching" | "none" | "unreachable" | "unproven" }
  | { readonly stage: "open"; readonly writtenIn: Language; readonly leaflets: readonly LeafletCard[] }
);

export interface Topic {
  readonly subject: SubjectName;
  readonly leaflets: readonly LeafletCard[];
}

/** In the order of the service, which names topics as it names subjects; what it names otherwise is "something else". */
export function topicsOf(leaflets: readonly LeafletCard[]): readonly Topic[] {
  const topics = new Map<SubjectName, readonly LeafletCard[]>();
  for (const leaflet of leaflets) {
    const subject = SUBJECT_BY_NAME.get(leaflet.topic) ?? "other";
    topics.set(subject, [...(topics.get(subject) ?? []), leaflet]);
  }
  return [...topics].map(([subject, its]) => ({ subject, leaflets: its }));
}
