// Pictures of every state of the client's page in all languages, at four widths, in the light and in the dark:
// `npm run shots`, then look at out/shots/sheets/. SHOTS=talking,welcome takes some states alone.

import path from "node:path";
import { outDirectory } from "./paths.ts";
import { takePictures } from "./pictures.ts";
import { languages } from "./texts.ts";

/** The narrowest phone that WCAG asks for (1.4.10), a usual one, a tablet, a desk. */
const widths = [
  { width: 320, height: 568 },
  { width: 360, height: 740 },
  { width: 768, height: 1_024 },
  { width: 1_280, height: 800 },
] as const;
const schemes = ["light", "dark"] as const;

const sheets = languages.flatMap((language) =>
  widths.flatMap((viewport) =>
    schemes.map((colorScheme) => ({
      name: `${language}-${viewport.width}-${colorScheme}`,
      page: "client" as const,
      language,
      viewport,
      settings: { colorScheme },
    })),
  ),
);

takePictures(path.join(outDirectory, "shots"), sheets, process.env.SHOTS?.split(","));
