import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Language, Messages } from "../shared/text.ts";
import { words as files } from "./testing-words.ts";
import { Words } from "./words.ts";

let online: boolean;
let asked: Language[];
let answers: ((messages: Messages | undefined) => void)[];
let said: string[];
let words: Words;

beforeEach(() => {
  vi.useFakeTimers();
  [online, asked, answers, said] = [true, [], [], []];
  words = new Words({
    elapsedMilliseconds: () => Date.now(),
    isOnline: () => online,
    fetchWords: (language) => {
      asked.push(language);
      return new Promise((resolve) => {
        answers.push(resolve);
      });
    },
    arrived: (text) => said.push(text("exit")),
    late: (language) => said.push(`late ${language}`),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

async function answer(messages: Messages | undefined): Promise<void> {
  answers.shift()?.(messages);
  await vi.advanceTimersByTimeAsync(0);
}

test("are fetched once for each language", async () => {
  words.want("ar");
  await answer(files.ar);
  words.want("uk");
  await answer(files.uk);
  words.want("ar");
  await vi.advanceTimersByTimeAsync(0);
  expect(said).toEqual(["خروج سريع", "Швидкий вихід", "خروج سريع"]);
  expect(asked).toEqual(["ar", "uk"]);
});

test("are asked for again until they come, and ever more seldom", async () => {
  words.want("ru");
  const waited: number[] = [];
  for (let time = 0; time < 8; time += 1) {
    await answer(undefined);
    const [before, since] = [asked.length, Date.now()];
    while (asked.length === before) await vi.advanceTimersByTimeAsync(500);
    waited.push(Date.now() - since);
  }
  expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]);
  expect(said.every((one) => one === "late ru")).toBe(true);
  await answer(files.ru);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said.at(-1)).toBe("Быстрый выход");
  expect(asked).toHaveLength(9);
});

test("are asked for at once when there is a network again, and not before", async () => {
  words.want("ru");
  online = false;
  await answer(undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
  online = true;
  words.tryNow();
  expect(asked).toHaveLength(2);
});

test("that come when another language is wanted by now, or none, change nothing", async () => {
  words.want("ru");
  words.want("uk");
  await answer(files.ru);
  expect(said).toEqual([]);
  words.forget();
  await answer(files.uk);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([]);
  expect(asked).toEqual(["ru", "uk"]);
});
