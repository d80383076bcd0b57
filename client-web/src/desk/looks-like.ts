// Whether a client's words hold something that could lead to a person, or away from here. A sign for the worker's
// attention, no more: it may err both ways. Pure. A client's text may be made to be slow: no expression below looks
// at the same place more than a bounded number of times.

export const LOOKS = ["phone", "address", "link"] as const;
export type Look = (typeof LOOKS)[number];

/** Nine digits and more, or seven after a plus, however they are grouped. */
const PHONE =
  /(?<![\p{L}\p{N}])(?:\+[ (]?\d(?:[ ().\u00a0-]{0,2}\d){6,14}|\(?\d(?:[ ().\u00a0-]{0,2}\d){8,14})(?![\p{L}\p{N}])/u;
const MAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/u;
/** A name as messengers and networks write it. */
const HANDLE = /(?:^|[\s(,;:])@[a-z0-9_]{4,}/iu;
const ADDRESS_OF_PAGE = /\b(?:https?:\/\/|www\.)\S+|\b(?:t\.me|wa\.me|vk\.com|bit\.ly)\/\S+/iu;
const DOMAIN = new RegExp(
  String.raw`(?<![\p{L}\p{N}@._-])[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*` +
    String.raw`\.(?:com|org|net|info|biz|online|site|shop|club|xyz|onion|io|me|ru|su|ua|by|kz|uz|kg|md|am|az|ge|рф|укр)` +
    String.raw`(?![\p{L}\p{N}-])`,
  "iu",
);
const STREET_BEFORE =
  /(?<![\p{L}\p{N}])(?:ул|вул|просп|пр-т|пр-кт|пер|пров|бул|наб|кв|мкр)\.\s*[\p{L}\p{N}]|(?<![\p{L}\p{N}])(?:улиц[аеу]|вулиц[яію]|проспект[еі]?|переул(?:ок|ке)|провул(?:ок|ку)|бульвар[еі]?|шоссе|шосе|شارع|زقاق)\s+[\p{L}\p{N}]/iu;
const STREET_AFTER =
  /(?<![\p{L}\p{N}])\d{1,4}[a-z]?\s+(?:\p{L}+\s+){1,3}(?:street|str|st|avenue|ave|road|rd|lane)\b/iu;
const HOUSE = /(?<![\p{L}\p{N}])(?:дом|д\.|будинок|буд\.|квартира|кв\.|منزل رقم|بناية رقم)\s*№?\s*\d/iu;
const COORDINATES = /(?<!\d)-?\d{1,2}\.\d{4,}\s*[,;]\s*-?\d{1,3}\.\d{4,}(?!\d)/u;

export function looksIn(text: string): readonly Look[] {
  const words = withPlainDigits(text);
  const links = ADDRESS_OF_PAGE.test(words) || DOMAIN.test(words.replaceAll(new RegExp(MAIL, "gu"), " "));
  const found: Readonly<Record<Look, boolean>> = {
    phone: PHONE.test(words.replaceAll(new RegExp(COORDINATES, "gu"), " ")),
    address: [MAIL, HANDLE, STREET_BEFORE, STREET_AFTER, HOUSE, COORDINATES].some((one) => one.test(words)),
    link: links,
  };
  return LOOKS.filter((look) => found[look]);
}

/** Arabic and Persian digits as the usual ones. */
function withPlainDigits(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}
