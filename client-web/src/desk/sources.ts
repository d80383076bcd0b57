import arIndicators from "../../../protocol/locales/ar/indicators.ftl";
import enIndicators from "../../../protocol/locales/en/indicators.ftl";
import ruIndicators from "../../../protocol/locales/ru/indicators.ftl";
import ukIndicators from "../../../protocol/locales/uk/indicators.ftl";
import ar from "../../locales/ar/desk.ftl";
import arTools from "../../locales/ar/desk-tools.ftl";
import arPhrase from "../../locales/ar/phrase.ftl";
import en from "../../locales/en/desk.ftl";
import enTools from "../../locales/en/desk-tools.ftl";
import enPhrase from "../../locales/en/phrase.ftl";
import ru from "../../locales/ru/desk.ftl";
import ruTools from "../../locales/ru/desk-tools.ftl";
import ruPhrase from "../../locales/ru/phrase.ftl";
import uk from "../../locales/uk/desk.ftl";
import ukTools from "../../locales/uk/desk-tools.ftl";
import ukPhrase from "../../locales/uk/phrase.ftl";
import type { Sources } from "../shared/text.ts";

export const sources: Sources = {
  en: [en, enTools, enIndicators],
  ru: [ru, ruTools, ruIndicators],
  uk: [uk, ukTools, ukIndicators],
  ar: [ar, arTools, arIndicators],
};

/** Lists of safety words: a consultation's are shown in its language, not in the desk's. */
export const phrases: Sources = { en: enPhrase, ru: ruPhrase, uk: ukPhrase, ar: arPhrase };
