import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CARD_KINDS } from "../protocol/card-text.ts";
import { FILE_STATUSES } from "./files.ts";
import { LETTERS } from "./keys.ts";
import { LOOKS } from "./looks-like.ts";
import * as names from "./messages.ts";
import { readable, sources, textIn } from "./sources.ts";
import { isOver } from "./state.ts";
import { HAND_IN, SHIFT_TOTALS } from "./view-shift.ts";

const idsOf = (files: object): readonly string[] => [files].flat().flatMap(Object.keys).sort();
const englishIds = idsOf(sources.en ?? []);

describe("the desk's texts", () => {
  it.each(readable)("have the same ids in %s as in English", (language) => {
    expect(idsOf(sources[language] ?? [])).toEqual(englishIds);
  });

  it("are all used", () => {
    const code = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => readFileSync(`${import.meta.dirname}/${file}`, "utf8"))
      .join("\n");
    const composed = [...code.matchAll(/text\(`([a-z-]+)\$\{[^}]*\}([a-z-]*)`/g)].map(
      ([, before = "", after = ""]) => new RegExp(`^${before}[a-z0-9_]+${after}$`),
    );
    // A test in protocol/wire sees to those of the catalogue.
    const own = englishIds.filter((id) => !/^(table|label)-/.test(id));
    const unused = own.filter(
      (id) => !code.includes(`"${id}"`) && !composed.some((pattern) => pattern.test(id)),
    );
    expect(unused).toEqual([]);
  });

  it.each(readable)("in %s have words for every name of the contract", (language) => {
    const text = textIn(language);
    const said = (channel: string): boolean => channel !== "not_said";
    const over = (["gone", "no_bearer", "bearer_refused", "crowded", "misunderstood"] as const).filter(
      isOver,
    );
    const ids = [
      ...names.SUBJECTS.map((it) => `subject-${it}`),
      ...names.CHANNELS.filter(said).map((it) => `channel-${it}`),
      ...names.ROLES.map((it) => `role-${it}`),
      ...names.DUTY_STATUSES.flatMap((it) => [`duty-${it}`, `duty-${it}-hint`]),
      ...names.REASONS.map((it) => `refused-${it}`),
      ...names.NOTICES.map((it) => `notice-${it}`),
      ...names.CONSULTATION_STATUSES.map((it) => `status-${it}`),
      ...names.ENDINGS.map((it) => `ended-${it}`),
      ...names.LINES.map((it) => `line-${it}`),
      ...names.STAGES.map((it) => `stage-${it}`),
      ...names.WISHES.map((it) => `wish-${it}`),
      ...names.MESSAGE_KINDS.filter((it) => !["text", "card", "file"].includes(it)).map((it) => `said-${it}`),
      ...FILE_STATUSES.map((it) => `file-${it}`),
      ...CARD_KINDS.map((it) => `card-${it}`),
      ...SHIFT_TOTALS.map((it) => `totals-${it}`),
      ...HAND_IN.map((it) => `report-${it}`),
      ...LOOKS.map((it) => `looks-${it}`),
      ...Object.values(LETTERS).map((it) => `key-${it}`),
      ...over.flatMap((it) => [`connection-${it}`, `connection-${it}-hint`]),
    ];
    for (const id of ids)
      expect(text(id, { name: "Mira", sort: "document", size: "1 kB", percent: "1%" })).not.toBe("");
  });

  it("have every table that workers count, and none of what others do", () => {
    const path = new URL("../../../protocol/locales/en/indicators.ftl", import.meta.url);
    const sections = readFileSync(path, "utf8").split(/^## /m);
    const tablesOf = (title: string): readonly string[] => {
      const section = sections.find((one) => one.startsWith(title)) ?? "";
      return [...section.matchAll(/^(?:table|label)-\S+/gm)]
        .map(([id]) => id)
        .filter((id) => !id.endsWith("-about"));
    };
    const [workers, clients] = [tablesOf("By the worker\n"), tablesOf("By the client\n")];
    expect(workers).toContain("table-signal");
    expect(workers.filter((id) => !englishIds.includes(id))).toEqual([]);
    expect(clients).toContain("label-helped-no");
    expect(clients.filter((id) => englishIds.includes(id))).toEqual([]);
  });

  it("count as each language does", () => {
    const minutes = (language: string, count: number): string =>
      textIn(language)("waited-minutes", { count }).replaceAll(/[\u2068\u2069]/g, "");
    expect([1, 2].map((count) => minutes("en", count))).toEqual(["waiting 1 minute", "waiting 2 minutes"]);
    expect([1, 2, 5, 21].map((count) => minutes("ru", count))).toEqual([
      "ждёт 1 минуту",
      "ждёт 2 минуты",
      "ждёт 5 минут",
      "ждёт 21 минуту",
    ]);
    expect([1, 3, 11].map((count) => minutes("uk", count))).toEqual([
      "чекає 1 хвилину",
      "чекає 3 хвилини",
      "чекає 11 хвилин",
    ]);
    expect(minutes("ar", 2)).toBe("في الانتظار منذ دقيقتين");
  });
});
