// Pictures of every state of both pages, in all their languages, on a phone and on a desk: `npm run gallery`, then
// look at out/sheets/.

import { galleryPages, languagesOf } from "./gallery-pages.ts";
import { outDirectory } from "./paths.ts";
import { takePictures } from "./pictures.ts";

const widths = [
  { width: 360, height: 740 },
  { width: 1_280, height: 800 },
] as const;

const sheets = galleryPages.flatMap((page) =>
  languagesOf[page].flatMap((language) =>
    widths.map((viewport) => ({ name: `${page}-${language}-${viewport.width}`, page, language, viewport })),
  ),
);

takePictures(outDirectory, sheets);
