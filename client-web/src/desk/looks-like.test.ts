import { describe, expect, it } from "vitest";
import { type Look, looksIn } from "./looks-like.ts";

const signs: Readonly<Record<string, readonly [Look, ...(readonly string[])]>> = {
  "a phone number": [
    "phone",
    "+380 50 123 45 67",
    "мой номер +7(999)123-45-67",
    "8 900 123 45 67",
    "0501234567",
    "٠٥٠١٢٣٤٥٦٧",
    "اتصل على +963 11 123 4567",
  ],
  "an address": [
    "address",
    "name.surname@example.org",
    "пишите @some_name",
    "ул. Лесная",
    "вул.Шевченка 12",
    "улица Мира",
    "на проспекте Победы",
    "дом 5",
    "кв. 17",
    "12 Green Street",
    "50.4501, 30.5234",
    "شارع النيل",
  ],
  "a link": [
    "link",
    "https://example.org",
    "HTTP://EXAMPLE.ORG/a",
    "www.example.org",
    "t.me/name",
    "example.com",
    "поддомен.сайт.рф",
    "смотри example.onion",
  ],
};

describe("a sign", () => {
  for (const [what, [look, ...texts]] of Object.entries(signs)) {
    it.each(texts)(`${what} is seen in: %s`, (text) => expect(looksIn(text)).toContain(look));
  }

  it.each([
    "",
    "Нет, я один. На руке шишка после укола, второй день.",
    "температура 38,2, принял 0,5 в 14:30",
    "вчера, 21.11.2026, в 10:00",
    "100 мг, потом ещё 200 мг",
    "это было 2 года назад. потом прошло",
    "ок.понял",
    "I took 2 pills.He took 3",
    "домой не пойду, д. не знаю",
    "номер 103",
    "أنا بخير، شكرًا",
    "10 000 000",
  ])("is not made for: %s", (text) => expect(looksIn(text)).toEqual([]));

  it("says all that there is, once each", () => {
    expect(looksIn("+380501234567, a@b.org, https://a.org, +380501234568")).toEqual([
      "phone",
      "address",
      "link",
    ]);
    expect(looksIn("a.b@example.org")).toEqual(["address"]);
    expect(looksIn("50.45012, 30.52345")).toEqual(["address"]);
  });

  it("takes no long time over a long text", () => {
    const before = performance.now();
    for (const text of [
      "1 ".repeat(20_000),
      "a.".repeat(20_000),
      "a@".repeat(20_000),
      "ул ".repeat(13_000),
    ]) {
      looksIn(text);
    }
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
