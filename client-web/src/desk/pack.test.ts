import { describe, expect, it } from "vitest";
import { find } from "./model.ts";
import { fitsQuery, markedOption, nextAt, optionsOf, wordsIn } from "./pack.ts";
import { sampleConsultation } from "./samples.ts";
import type { DeskEvent } from "./state.ts";
import { play, snapshot, talking, told } from "./testing.ts";

const replies: DeskEvent = { type: "pick", consultation: 1, of: "replies" };
const cards: DeskEvent = { type: "pick", consultation: 1, of: "cards" };
const query = (words: string): DeskEvent => ({ type: "pick_query", query: words });

describe("words", () => {
  it("are in the language asked for, else in English, else in any", () => {
    const words = { en: "a", ru: "б", uk: null, ar: null };
    expect(wordsIn(words, "ru")).toEqual({ text: "б", language: "ru" });
    expect(wordsIn(words, "ar")).toEqual({ text: "a", language: "en" });
    expect(wordsIn({ ...words, en: null }, "ar")).toEqual({ text: "б", language: "ru" });
    expect(wordsIn({ en: null, ru: null, uk: null, ar: null }, "en")).toBeNull();
  });
});

describe("replies", () => {
  it("are named in the worker's language and written in the client's, emergencies first", () => {
    const [first, second] = optionsOf(play(talking(), replies));
    expect(first).toMatchObject({ title: "Call an ambulance", language: "ru", emergency: true });
    expect(first?.body).toBe("Вызовите скорую сейчас. Я остаюсь с вами.");
    expect(second?.title).toBe("Greeting");
  });

  it("have their places filled with what the page knows, in the client's language", () => {
    const filled = optionsOf(play(talking(), replies)).map(({ body }) => body);
    expect(filled).toContain(
      "Здравствуйте! Я Mira, аутрич-работник, Веб-аутрич «Открытая дверь». Чем могу помочь?",
    );
    expect(filled).toContain("Мы здесь с 10 до 22.");
  });

  it("are found by the beginnings of their titles' words, by what they say, and without accents", () => {
    const titles = (words: string) =>
      optionsOf(play(talking(), replies, query(words))).map(({ title }) => title);
    expect(titles("gre")).toEqual(["Greeting"]);
    expect(titles("скорую")).toEqual(["Call an ambulance"]);
    expect(titles("AMB call")).toEqual(["Call an ambulance"]);
    expect(titles("nothing like it")).toEqual([]);
    expect(fitsQuery({ title: "Café Ёлка", body: "" }, "cafe елка")).toBe(true);
  });

  it("are marked one at a time, from the last to the first", () => {
    const open = play(talking(), replies);
    const { length } = optionsOf(open);
    expect(nextAt(open, -1)).toBe(length - 1);
    expect(nextAt(play(open, { type: "pick_at", at: length - 1 }), 1)).toBe(0);
    const narrowed = play(open, { type: "pick_at", at: 3 }, query("gre"));
    expect(markedOption(narrowed)?.id).toBe("greeting");
  });

  it("are none for a client who is gone, and without the service's texts", () => {
    expect(optionsOf(play(talking(), replies, told({ type: "forgotten", consultation: 1 })))).toEqual([]);
    expect(optionsOf(play(talking(), replies, told({ type: "pack", pack: null, coding: [] })))).toEqual([]);
  });
});

describe("cards", () => {
  it("say in which language they are when the client's is missing", () => {
    const arabic = sampleConsultation(1, { language: "ar" });
    const state = play(
      talking(),
      told({ ...snapshot(), consultations: [{ ...arabic, messages: [] }] }),
      cards,
    );
    expect(find(state, 1)?.consultation.language).toBe("ar");
    const languages = optionsOf(state).map(({ id, language }) => [id, language]);
    expect(languages).toEqual([
      ["overheating", "ar"],
      ["abscess", "en"],
      ["testing", "ar"],
    ]);
  });
});
