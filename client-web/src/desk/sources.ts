import arIndicators from "../../../protocol/locales/ar/indicators.ftl";
import enIndicators from "../../../protocol/locales/en/indicators.ftl";
import ruIndicators from "../../../protocol/locales/ru/indicators.ftl";
import ukIndicators from "../../../protocol/locales/uk/indicators.ftl";
import ar from "../../locales/ar/desk.ftl";
import arTools from "../../locales/ar/desk-tools.ftl";
import en from "../../locales/en/desk.ftl";
import enTools from "../../locales/en/desk-tools.ftl";
import ru from "../../locales/ru/desk.ftl";
import ruTools from "../../locales/ru/desk-tools.ftl";
import uk from "../../locales/uk/desk.ftl";
import ukTools from "../../locales/uk/desk-tools.ftl";
import { inTurn } from "../protocol/languages.ts";
import { perLanguage } from "../shared/size.ts";
import { createText, type Language, type Messages, type Text } from "../shared/text.ts";

/** Lists of safety words, of every language that has one: the build puts them in. */
declare const PHRASES: Readonly<Record<Language, Messages>>;

export const sources: Readonly<Record<Language, readonly Messages[]>> = {
  en: [en, enTools, enIndicators],
  ru: [ru, ruTools, ruIndicators],
  uk: [uk, ukTools, ukIndicators],
  ar: [ar, arTools, arIndicators],
};

/** The languages that the desk can be read in. */
export const readable: readonly Language[] = Object.keys(sources);

/** The desk's words in a language, or in one that stands in for it. */
export const textIn = perLanguage((language): Text => {
  const known = inTurn(language).find((one) => one in sources) ?? "en";
  return createText(known, Object.assign({}, ...(sources[known] ?? [])));
});

/** Safety words: in the language of a consultation, not in the desk's. */
export const phraseIn = perLanguage((language): Text => {
  const known = inTurn(language).find((one) => one in PHRASES) ?? "en";
  return createText(known, PHRASES[known] ?? {});
});
