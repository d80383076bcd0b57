// For tests alone: the words of the client's page, straight from their files.

import { clientWords } from "../../languages.mjs";

export const words = await clientWords(new URL("../..", import.meta.url).pathname);
