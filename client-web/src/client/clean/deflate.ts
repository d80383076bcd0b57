// Packs as zlib data, by what the browser brings.

import type { Bytes } from "../../protocol/bytes.ts";
import { CleanError } from "./errors.ts";

export async function deflate(bytes: Bytes): Promise<Bytes> {
  // Firefox has it since 113, Safari since 16.4.
  if (typeof CompressionStream === "undefined") throw new CleanError("unsupported");
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
