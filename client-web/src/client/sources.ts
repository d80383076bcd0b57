import ar from "../../locales/ar/client.ftl";
import en from "../../locales/en/client.ftl";
import ru from "../../locales/ru/client.ftl";
import uk from "../../locales/uk/client.ftl";
import type { Sources } from "../shared/text.ts";

export const sources: Sources = { en, ru, uk, ar };
