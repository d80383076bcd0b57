// Pictures of every state of both pages, in four languages, on a phone and on a desk: `npm run gallery`, then
// look at out/sheets/.

import { galleryPages } from "./gallery-pages.ts";
import { outDirectory } from "./paths.ts";
import { takePictures } from "./pictures.ts";
import { languages } from "./texts.ts";

const widths = [
  { width: 360, height: 740 },
  { width: 1_280, height: 800 },
] as const;

const sheets = galleryPages.flatMap((page) =>
  languages.flatMap((language) =>
    widths.map((viewport) => ({ name: `${page}-${language}-${viewport.width}`, page, language, viewport })),
  ),
);

takePictures(outDirectory, sheets);
