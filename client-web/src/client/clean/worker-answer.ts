// What the worker says of a file.

import type { CleanErrorCode, Cleaned } from "./clean.ts";

export type WorkerAnswer = { readonly cleaned: Cleaned } | { readonly problem: CleanErrorCode };
