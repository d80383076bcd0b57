// What the service gives to read. Nothing is fetched before somebody opens this.

import type { LeafletCard } from "../protocol/leaflets.ts";
import { h, replaceChildren, written } from "../shared/dom.ts";
import type { Language, Text } from "../shared/text.ts";
import type { Start } from "./consultation.ts";
import { type Reading, topicsOf } from "./reading.ts";
import { viewCardBody, viewCardCopy } from "./view-card.ts";
import type { Actions } from "./view-parts.ts";
import { button } from "./view-parts.ts";

export interface ReadingView {
  readonly element: HTMLElement;
  update(start: Start): void;
}

export function viewReading(title: string, start: Start, text: Text, actions: Actions): ReadingView {
  /** In another language it would have to be asked for anew. */
  const readingOf = ({ reading }: Start): Reading | undefined =>
    reading?.language === text.language ? reading : undefined;
  let shown = readingOf(start);
  const status = h("div", { class: "stack-tight", role: "status" });
  const topics = h("div", { class: "stack" });
  const element = h(
    "details",
    {
      class: "card reading",
      "data-test": "reading",
      open: shown !== undefined,
      ontoggle: () => {
        if (element.open && shown === undefined) actions.read(text.language);
      },
    },
    h("summary", {}, title),
    h("div", { class: "details-body stack-tight" }, status, topics),
  );
  const fill = (): void => {
    replaceChildren(status, viewStage(shown, text, actions));
    replaceChildren(topics, shown?.stage === "open" && viewTopics(shown, text));
    if (shown === undefined) delete element.dataset.stage;
    else element.dataset.stage = shown.stage;
  };
  const update = (next: Start): void => {
    const reading = readingOf(next);
    if (reading === shown) return;
    shown = reading;
    fill();
  };
  fill();
  return { element, update };
}

function viewStage(reading: Reading | undefined, text: Text, actions: Actions): readonly HTMLElement[] {
  if (reading === undefined || reading.stage === "open") return [];
  const words = h("p", { class: "soft" }, text(`reading-${reading.stage}`));
  if (reading.stage !== "unreachable") return [words];
  return [words, button("read-again", text("try-again"), () => actions.read(text.language))];
}

function viewTopics(
  { leaflets, writtenIn }: Extract<Reading, { stage: "open" }>,
  text: Text,
): readonly HTMLElement[] {
  return topicsOf(leaflets).map(({ subject, leaflets: its }) =>
    h(
      "section",
      { "data-test": "topic" },
      h("h2", {}, text(`subject-${subject}`)),
      its.map((leaflet) => viewLeaflet(leaflet, writtenIn, text)),
    ),
  );
}

function viewLeaflet(leaflet: LeafletCard, writtenIn: Language, text: Text): HTMLElement {
  const body = viewCardBody(leaflet);
  body.lang = writtenIn;
  return h(
    "details",
    { class: "leaflet", "data-test": "leaflet" },
    h("summary", {}, written(leaflet.title, { lang: writtenIn })),
    h("div", { class: "stack-tight details-body" }, body, viewCardCopy(leaflet, body, text)),
  );
}
