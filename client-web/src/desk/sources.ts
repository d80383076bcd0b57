import ar from "../../locales/ar/desk.ftl";
import en from "../../locales/en/desk.ftl";
import ru from "../../locales/ru/desk.ftl";
import uk from "../../locales/uk/desk.ftl";
import type { Sources } from "../shared/text.ts";

export const sources: Sources = { en, ru, uk, ar };
