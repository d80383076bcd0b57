import { expect, test } from "vitest";
import { compileFluent } from "../../fluent.mjs";
import { chooseLanguage, createText, type Language } from "./text.ts";

function textOf(language: Language, source: string) {
  const messages = compileFluent(source, "test.ftl");
  return createText(language, messages);
}

const days = `
days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
`;

test("chooses the plural of the language", () => {
  const text = textOf("ru", days);
  const plain = (count: number) => text("days", { count }).replace(/[\u2068\u2069]/g, "");
  expect([1, 2, 5, 11, 21].map(plain)).toEqual(["1 день", "2 дня", "5 дней", "11 дней", "21 день"]);
});

test("isolates what is put in between words, and leaves alone what stands by itself", () => {
  const text = textOf("ar", "hello = مرحبا { $name }\nname = { $name }");
  expect(text("hello", { name: "Mira" })).toBe("مرحبا \u2068Mira\u2069");
  expect(text("name", { name: "Mira" })).toBe("Mira");
});

test("swallows no mistake", () => {
  const text = textOf("en", "hello = Hello { $name }");
  expect(() => text("goodbye")).toThrow("goodbye");
  expect(() => text("hello")).toThrow("name");
});

test.each([
  ["a message that Fluent cannot read", "good = x\nbad = { $"],
  ["two messages of one name", "a = x\na = y"],
  ["a reference", "a = x\nb = { a }"],
  ["a function", "a = { NUMBER($x) }"],
  ["an attribute", "a = x\n  .title = y"],
])("refuses %s when the page is built", (_, source) => {
  expect(() => compileFluent(source, "test.ftl")).toThrow("test.ftl");
});

test("chooses the first language that we have", () => {
  const choose = (...preferred: readonly string[]) => chooseLanguage(preferred, ["en", "ru", "uk", "ar"]);
  expect(choose("de-DE", "uk-UA", "ru")).toBe("uk");
  expect(choose("AR-eg")).toBe("ar");
  expect(choose()).toBe("en");
  expect(choose("kk", "ru")).toBe("ru");
});
