import ar from "../../locales/ar/client.ftl";
import arPhrase from "../../locales/ar/phrase.ftl";
import en from "../../locales/en/client.ftl";
import enPhrase from "../../locales/en/phrase.ftl";
import ru from "../../locales/ru/client.ftl";
import ruPhrase from "../../locales/ru/phrase.ftl";
import uk from "../../locales/uk/client.ftl";
import ukPhrase from "../../locales/uk/phrase.ftl";
import type { Sources } from "../shared/text.ts";

export const sources: Sources = {
  en: [en, enPhrase],
  ru: [ru, ruPhrase],
  uk: [uk, ukPhrase],
  ar: [ar, arPhrase],
};
