import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CARD_KINDS } from "../protocol/card-text.ts";
import type { Role } from "../protocol/certificate.ts";
import { SAFETY_LIST } from "../protocol/safety.ts";
import { createText } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import { gallery } from "./gallery-states.ts";
import { words } from "./testing-words.ts";
import { subjects } from "./triage.ts";

const here = new URL(".", import.meta.url);
const code = [...readdirSync(here), "../shared/safety-words.ts"]
  .filter((file) => file.endsWith(".ts") && !file.includes(".test."))
  .map((file) => readFileSync(new URL(file, here), "utf8"))
  .join("\n");

const languages = Object.keys(words);
const messages = (language: string) => Object.entries(words[language] ?? {});
const ids = messages("en").map(([id]) => id);

/** `prefix-${…}-suffix` in the code stands for any id of this form. */
const templates = [...code.matchAll(/text\(\s*`([^`]*)`/g)].map(
  ([, template = ""]) => new RegExp(`^${template.replace(/\$\{[^}]*\}/g, "[\\w-]+")}$`),
);

function variablesOf(pattern: unknown): readonly string[] {
  if (!Array.isArray(pattern)) return [];
  const found = pattern.flatMap((part: unknown) => {
    if (!Array.isArray(part)) return [];
    const [name, cases] = part as [string, Record<string, unknown>?];
    return [name, ...Object.values(cases ?? {}).flatMap(variablesOf)];
  });
  return [...new Set(found)].sort();
}

describe.each(languages)("%s", (language) => {
  test("has the same texts as English, with the same variables", () => {
    const shape = (of: string) => messages(of).map(([id, pattern]) => [id, variablesOf(pattern)]);
    expect(shape(language)).toEqual(shape("en"));
  });

  test("has a form for every number", () => {
    const text = createText(language, words[language] ?? {});
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [id, pattern] of messages(language)) {
      for (const part of Array.isArray(pattern) ? pattern : []) {
        if (Array.isArray(part) && part[1])
          expect([id, ...Object.keys(part[1])]).toEqual(expect.arrayContaining(wanted));
      }
    }
    for (const count of [0, 1, 2, 3, 5, 11, 21, 100, 500]) expect(text("text-left", { count })).not.toBe("");
  });
});

test.each(languages)("%s has 64 different safety words", (language) => {
  const text = createText(language, words[language] ?? {});
  const list = Array.from({ length: SAFETY_LIST }, (_, place) => text(`safety-${place}`));
  expect(new Set(list).size).toBe(SAFETY_LIST);
});

test("every text is used", () => {
  const unused = ids.filter(
    (id) => !code.includes(`"${id}"`) && !templates.some((template) => template.test(id)),
  );
  expect(unused).toEqual([]);
});

test("every text that the code asks for is there", () => {
  const asked = [...code.matchAll(/\btext\(\s*(?:[\w.]+ \? )?"([\w-]+)"(?: : "([\w-]+)")?/g)]
    .flatMap(([, ...found]) => found)
    .filter((id) => id !== undefined);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((id) => !ids.includes(id))).toEqual([]);
});

function talkingTexts({ line, cover, entries }: StateOf<"talking">): readonly string[] {
  const notes = entries.flatMap((entry) => (entry.from === "page" ? [`note-${entry.note}`] : []));
  return [`line-${line}`, `underway-${line}`, `cover-${cover}`, `cover-${cover}-about`, ...notes];
}

test("every choice and every outcome has its text", () => {
  const roles: Readonly<Record<Role, true>> = {
    outreach: true,
    peer: true,
    doctor: true,
    psychologist: true,
    lawyer: true,
    coordinator: true,
  };
  const states = Object.values(gallery);
  const wanted = [
    ...subjects.map((subject) => `subject-${subject}`),
    ...Object.keys(roles).map((role) => `role-${role}`),
    ...states.flatMap((state) => (state.status === "waiting" ? [`waiting-${state.wait}`] : [])),
    ...CARD_KINDS.map((kind) => `card-${kind}`),
    ...states.flatMap((state) => {
      const reading = "card" in state ? state.reading : undefined;
      return reading === undefined || reading.stage === "open" ? [] : [`reading-${reading.stage}`];
    }),
    ...states.flatMap((state) => (state.status === "ended" ? [`ended-${state.how}-text`] : [])),
    ...states.flatMap((state) => (state.status === "talking" ? talkingTexts(state) : [])),
    ...states.flatMap((state) => (state.status === "refused" ? [`refused-${state.why}-next`] : [])),
  ];
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
});
