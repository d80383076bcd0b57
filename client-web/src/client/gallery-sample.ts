// Made-up words for the gallery.

import type { Entry, Start, Worker } from "./consultation.ts";

export const sampleStart: Start = {
  subject: "notSaid",
  isDoor: false,
  reading: undefined,
  card: {
    issued: 1_795_000_000,
    name: {
      en: "Open Door, Riverside",
      ru: "«Открытая дверь»",
      uk: "«Відчинені двері»",
      ar: "الباب المفتوح",
    },
    about: {
      en: "We are outreach workers, peers, a doctor and a lawyer. We answer questions about drugs and health, and we do not judge.",
      ru: "Мы аутрич-работники, равные консультанты, врач и юрист. Отвечаем на вопросы о веществах и здоровье и никого не осуждаем.",
      uk: "Ми аутріч-працівники, рівні консультанти, лікар і юрист. Відповідаємо на запитання про речовини та здоров’я і нікого не засуджуємо.",
      ar: "نحن عاملون ميدانيون وأقران وطبيبة ومحامٍ. نجيب عن أسئلة المخدرات والصحة، ولا نحكم على أحد.",
    },
    hours: {
      en: "Monday to Saturday, 16:00 to 23:00 (Kyiv time)",
      ru: "С понедельника по субботу, с 16:00 до 23:00 (по Киеву)",
      uk: "З понеділка до суботи, з 16:00 до 23:00 (за Києвом)",
      ar: "من الاثنين إلى السبت، من 16:00 إلى 23:00 (بتوقيت كييف)",
    },
    emergency: {
      en: "Ambulance: 103 or 112. Day and night.",
      ru: "Скорая: 103 или 112. Круглосуточно.",
      uk: "Швидка: 103 або 112. Цілодобово.",
      ar: "الإسعاف: 103 أو 112. ليلاً ونهاراً.",
    },
  },
};

export const sampleWorker: Worker = { alias: "Марина", role: "doctor" };
export const sampleColleague: Worker = { alias: "Sam", role: "peer" };

const said: readonly (readonly ["you" | "advisor", string])[] = [
  ["advisor", "Здравствуйте. Я врач, здесь меня зовут Марина. Что случилось?"],
  ["you", "Добрый вечер. На руке место укола покраснело и горячее, болит второй день."],
  [
    "advisor",
    "Спасибо, что написали. Есть ли температура? Краснота растёт?\n\nЭто не осмотр, но я подскажу, что делать дальше.",
  ],
  ["you", "37,8. Кажется, растёт"],
  ["you", "مرحبا، يمكنني الكتابة بالعربية أيضاً؟"],
  ["advisor", "Да, конечно. Пишите, как вам удобнее."],
  ["you", "https://example.org/averyveryverylongaddresswithoutanyplacetobreakitintolines/and/more/of/it?x=1"],
  ["you", "ok"],
];

export const sampleEntries: readonly Entry[] = said.map(([from, text], i) =>
  from === "you"
    ? { id: i + 1, from, text, isDelivered: i < said.length - 1 }
    : { id: i + 1, from, kind: "text", text, alias: sampleWorker.alias },
);
