// Made-up cards, leaflets and a link for the gallery.

import type { Language } from "../shared/text.ts";
import type { Card } from "./card-words.ts";
import type { Reading } from "./reading.ts";
import type { ReturnLink } from "./return-link.ts";

export const sampleCard: Card = {
  kind: "checklist",
  title: "Абсцесс: когда нужен врач",
  body: `Если хоть что-то из этого есть, к врачу сегодня, не завтра.

## Смотрите
- краснота растёт или горячая
- температура выше 38
- красные полосы идут вверх по руке

## Пока не у врача
- не выдавливать и не резать
- чистая сухая повязка, менять два раза в день
- больше не колоть в эту руку

Скорая: 103 или 112. Про вещества говорить не обязательно.`,
};

export const sampleReturnLink: ReturnLink = {
  address: `https://help.example/#${"ARcvEOdBQkNERUZHSElKS0xNTk9QAqW2xQtI-TYKsVeNRW70KqW2D9ZC5SPRCN4X".repeat(3)}`,
  expiresAt: new Date(Date.UTC(2026, 10, 26, 20, 0, 0)),
};

type Words = readonly (readonly [topic: string, title: string, body: string])[];

const words: { readonly en: Words } & Readonly<Record<Language, Words>> = {
  en: [
    [
      "danger",
      "Overheating: what to do",
      "## Now\n- shade, water, wet cloth\n- call 103 or 112\n\nStay close.",
    ],
    [
      "safer_use",
      "Before, during, after",
      "Not alone. Agree who stays alert.\n\n- eat and rest before\n- start low, wait",
    ],
    ["safer_use", "Mixing", "Alcohol and sleeping pills together can stop the breathing."],
    ["treatment", "Where to go", "Open every day, without papers."],
  ],
  ru: [
    [
      "danger",
      "Перегрев: что делать",
      "## Сейчас\n- тень, вода, мокрая ткань\n- звонить 103 или 112\n\nБудьте рядом.",
    ],
    [
      "safer_use",
      "До, во время, после",
      "Не в одиночку. Решите, кто остаётся трезвым.\n\n- поесть и отдохнуть заранее\n- начать с малого, подождать",
    ],
    ["safer_use", "Смешивание", "Алкоголь вместе со снотворным может остановить дыхание."],
    ["treatment", "Куда идти", "Открыто каждый день, без документов."],
  ],
  uk: [
    [
      "danger",
      "Перегрів: що робити",
      "## Зараз\n- тінь, вода, мокра тканина\n- дзвонити 103 або 112\n\nБудьте поруч.",
    ],
    [
      "safer_use",
      "До, під час, після",
      "Не на самоті. Вирішіть, хто залишається тверезим.\n\n- поїсти й відпочити заздалегідь\n- почати з малого, зачекати",
    ],
    ["safer_use", "Змішування", "Алкоголь разом зі снодійним може зупинити дихання."],
    ["treatment", "Куди йти", "Відчинено щодня, без документів."],
  ],
  ar: [
    [
      "danger",
      "ارتفاع حرارة الجسم: ما العمل",
      "## الآن\n- الظل والماء وقطعة قماش مبللة\n- الاتصال بـ 103 أو 112\n\nابقوا قريبين.",
    ],
    [
      "safer_use",
      "قبل وأثناء وبعد",
      "ليس وحدكم. اتفقوا على من يبقى يقظاً.\n\n- الأكل والراحة قبل ذلك\n- البدء بالقليل والانتظار",
    ],
    ["safer_use", "الخلط", "الكحول مع الحبوب المنوّمة قد يوقف التنفّس."],
    ["treatment", "إلى أين تذهبون", "مفتوح كل يوم، دون أوراق."],
  ],
};

/** In English where nobody has made any up. */
export function sampleLeaflets(language: Language): Reading {
  const leaflets = (words[language] ?? words.en).map(([topic, title, body], i) => ({
    id: `leaflet-${i}`,
    kind: "leaflet" as const,
    topic,
    title,
    body,
  }));
  return { language, stage: "open", writtenIn: language in words ? language : "en", leaflets };
}
