// What the console has made of a client's file, one picture below the other. The browser asks for each by its element,
// once: an element that stays is not made anew (patch.ts), and what is answered with `no-store` is kept by no cache. A
// blob would be no better: browsers may write large ones to the disk.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { type Look, sortOf } from "./files.ts";

export function titleOfPictures(look: Look | null, text: Text): string {
  return text("pictures", { sort: sortOf(look?.kind ?? "jpeg") });
}

export function viewPictures(look: Look | null, text: Text): Child {
  if (look === null || look.pictures === null) return null;
  const { paths, pages } = look.pictures;
  const isDocument = sortOf(look.kind) === "document";
  return [
    h("p", { class: "small soft", "data-key": "hint" }, text("pictures-hint")),
    isDocument &&
      pages > paths.length &&
      h(
        "p",
        { "data-key": "some", "data-test": "pictures-some" },
        text("pictures-some", { shown: paths.length, pages }),
      ),
    paths.map((path, at) => viewPicture(look, path, { page: at + 1, pages }, text)),
  ];
}

function viewPicture(
  look: Look,
  path: string,
  place: { readonly page: number; readonly pages: number },
  text: Text,
): HTMLElement {
  const isDocument = sortOf(look.kind) === "document";
  return h(
    "section",
    {
      class: "desk-picture",
      "data-key": path,
      "data-own-size": look.inOwnSize.includes(path),
      "data-test": "picture",
    },
    isDocument && h("h3", { "data-key": "page" }, text("picture-page", place)),
    look.failed.includes(path)
      ? h("p", { class: "desk-care", role: "status", "data-key": "failed" }, text("picture-failed"))
      : h(
          "div",
          { class: "desk-picture-frame", "data-key": "shown" },
          viewButton(look, path, place.page, text),
        ),
  );
}

function viewButton(look: Look, path: string, page: number, text: Text): HTMLElement {
  const picture = h("img", { src: path });
  picture.alt = text("picture-alt", { sort: sortOf(look.kind), page });
  return h(
    "button",
    {
      type: "button",
      class: "desk-picture-button",
      "aria-pressed": look.inOwnSize.includes(path) ? "true" : "false",
      "data-action": "picture_size",
      "data-path": path,
      "data-test": "picture-size",
    },
    picture,
    h("span", { class: "visually-hidden" }, text("picture-own-size")),
  );
}
