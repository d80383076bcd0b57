// The service's texts and questions, as the samples and tests have them. Not for use: no clinician has seen them.

import type { Announcement, CodeGroup, LinkSheet, Pack, Total, Worded } from "./content.ts";

export const sampleCoding: readonly CodeGroup[] = [
  {
    group: "need",
    many: true,
    labels: [
      "minor_injection",
      "severe_injection",
      "overdose",
      "information",
      "psychological",
      "medical",
      "testing",
      "own_1",
    ],
    names: { own_1: { en: "papers", ru: "документы", uk: "документи", ar: "أوراق" } },
  },
  { group: "result", many: false, labels: ["solved", "partly", "not_solved"] },
  {
    group: "referral",
    many: true,
    labels: ["treatment", "testing", "hospital_or_ambulance", "shelter"],
    names: {},
  },
  { group: "kit", many: true, labels: ["naloxone", "syringes", "self_test", "condoms"] },
  {
    group: "emergency",
    many: true,
    labels: ["overdose", "suicide_risk", "violence", "ambulance_called"],
    names: {},
  },
  { group: "contact", many: false, labels: ["self", "relative_or_friend", "professional"] },
  {
    group: "age",
    many: false,
    labels: ["under_18", "18_24", "25_34", "35_49", "50_up", "not_asked"],
    names: {},
  },
];

export const samplePack: Pack = {
  starter: true,
  version: "1",
  reviewed_by: null,
  reviewed_on: null,
  hours: worded("10:00–22:00", "с 10 до 22", "з 10 до 22", "من 10 إلى 22"),
  needs: ["overdose", "information", "minor_injection", "severe_injection", "medical", "testing", "own_1"],
  replies: [
    {
      id: "greeting",
      emergency: false,
      title: worded("Greeting", "Приветствие", "Привітання", "تحية"),
      text: worded(
        "Hello! I am {alias}, {role} at {service}. How can I help?",
        "Здравствуйте! Я {alias}, {role}, {service}. Чем могу помочь?",
        "Вітаю! Я {alias}, {role}, {service}. Чим можу допомогти?",
        "مرحبًا! أنا {alias}، {role} في {service}. كيف يمكنني أن أساعدك؟",
      ),
    },
    {
      id: "screen",
      emergency: false,
      title: worded("Who sees the screen", "Кто видит экран", "Хто бачить екран", "من يرى الشاشة"),
      text: worded(
        "Can anybody else see your screen?",
        "Кто-нибудь ещё видит ваш экран?",
        "Чи бачить хтось іще ваш екран?",
        "هل يرى أحد آخر شاشتك؟",
      ),
    },
    {
      id: "hours",
      emergency: false,
      title: worded("Our hours", "Наши часы", "Наші години", "ساعات عملنا"),
      text: worded("We are here {hours}.", "Мы здесь {hours}.", "Ми тут {hours}.", "نحن هنا {hours}."),
    },
    {
      id: "ambulance",
      emergency: true,
      title: worded("Call an ambulance", "Вызвать скорую", "Викликати швидку", "اطلب الإسعاف"),
      text: worded(
        "Call an ambulance now. I stay with you.",
        "Вызовите скорую сейчас. Я остаюсь с вами.",
        "Викличте швидку зараз. Я залишаюся з вами.",
        "اطلب الإسعاف الآن. أنا باقٍ معك.",
      ),
    },
  ],
  cards: [
    {
      id: "overheating",
      kind: "checklist",
      topic: "safer_use",
      title: worded("Overheating", "Перегрев", "Перегрів", "ارتفاع الحرارة"),
      body: worded(
        "## Now\n- Go to a cool place\n- Drink in small sips\n- Do not stay alone",
        "## Сейчас\n- Уйдите в прохладное место\n- Пейте понемногу\n- Не оставайтесь одни",
        "## Зараз\n- Перейдіть у прохолодне місце\n- Пийте потроху\n- Не залишайтеся самі",
        "## الآن\n- اذهب إلى مكان بارد\n- اشرب رشفات صغيرة\n- لا تبقَ وحدك",
      ),
    },
    {
      id: "abscess",
      kind: "leaflet",
      topic: "wounds",
      title: worded(
        "Abscess: when to see a doctor",
        "Абсцесс: когда к врачу",
        "Абсцес: коли до лікаря",
        "الخرّاج: متى تذهب إلى الطبيب",
      ),
      body: worded(
        "Fever, red lines, fast growth: today.",
        "Жар, красные полосы, быстрый рост: сегодня.",
        null,
        null,
      ),
    },
    {
      id: "testing",
      kind: "referral",
      topic: "tests",
      title: worded("Where to test", "Где сдать тест", "Де пройти тест", "أين تُجري الفحص"),
      body: worded(
        "Anonymous room, no papers.",
        "Анонимный кабинет, без документов.",
        "Анонімний кабінет, без документів.",
        "غرفة بلا أسماء ولا أوراق.",
      ),
    },
  ],
  scripts: [
    {
      id: "overdose",
      title: worded("Overdose", "Передозировка", "Передозування", "جرعة زائدة"),
      steps: worded(
        "## Ask\n- Do they breathe? Do they wake?\n- Is anybody with them?\n## Say\n- Call an ambulance\n- Naloxone, if there is any\n- On the side, stay there",
        "## Спросите\n- Дышит? Просыпается?\n- Есть ли кто рядом?\n## Скажите\n- Вызвать скорую\n- Налоксон, если есть\n- На бок, не оставлять",
        "## Запитайте\n- Дихає? Прокидається?\n- Чи є хтось поруч?\n## Скажіть\n- Викликати швидку\n- Налоксон, якщо є\n- На бік, не залишати",
        "## اسأل\n- هل يتنفّس؟ هل يستيقظ؟\n- هل معه أحد؟\n## قل\n- اطلب الإسعاف\n- نالوكسون إن وُجد\n- على جنبه، وابقَ معه",
      ),
    },
    {
      id: "suicide",
      title: worded("Thoughts of suicide", "Мысли о самоубийстве", "Думки про самогубство", "أفكار الانتحار"),
      steps: worded(
        "## Ask\n- Is it now?",
        "## Спросите\n- Это сейчас?",
        "## Запитайте\n- Це зараз?",
        "## اسأل\n- هل هو الآن؟",
      ),
    },
  ],
};

export const sampleTotals: readonly Total[] = [
  { group: "shift", label: "consultations", count: 11 },
  { group: "shift", label: "hand_overs", count: 1 },
  { group: "need", label: "information", count: 7 },
  { group: "need", label: "minor_injection", count: 2 },
  { group: "result", label: "solved", count: 6 },
  { group: "material", label: "overheating", count: 3 },
];

export const sampleAnnouncements: readonly Announcement[] = [
  { id: 1, from: 1, text: "Порошок с синей маркой: тяжёлые отравления за два дня.", at: 1_795_440_000 },
  { id: 2, from: null, text: "Налоксон есть на обоих пунктах.", at: 1_795_442_000 },
];

/** The QR codes are not readable ones. */
export const sampleSheet: LinkSheet = {
  expires_at: 1_795_530_000,
  links: [1, 2, 3].map((number) => ({
    address: `https://door.example.org/#v1.${String(number).repeat(200)}`,
    qr: { size: 9, path: "M0 0h9v9h-9zM1 1v7h7v-7zM3 3h3v3h-3z" },
  })),
};

function worded(en: string, ru: string, uk: string | null, ar: string | null): Worded {
  return { en, ru, uk, ar };
}
