import type { Messages } from "./src/shared/text.ts";

export function compileFluent(source: string, file: string): Messages;
