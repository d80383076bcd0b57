// A link to come back with: the one thing of a conversation that a person may take along.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { ReturnLink } from "./return-link.ts";
import { viewCopy } from "./view-copy.ts";

export function viewReturnLink({ address, expiresAt }: ReturnLink, text: Text): HTMLElement {
  const time = new Intl.DateTimeFormat(text.language, {
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  }).format(expiresAt);
  return h(
    "section",
    {
      class: "message kept stack-tight",
      "data-test": "return-link",
      "aria-label": text("return-link-title"),
    },
    h("h2", {}, text("return-link-title")),
    h("p", {}, text("return-link-about")),
    viewAddress(address, true, text),
    h("p", { class: "soft small" }, text("return-link-until", { time })),
  );
}

/** To be copied. Where there is little room it is shown only to who has to copy it by hand. */
export function viewAddress(
  address: string,
  isShown: boolean,
  text: Text,
  label = text("return-link-title"),
): HTMLElement {
  // Not an anchor: to open it here and now would use it up, and end this conversation.
  const field = h("input", {
    class: "field return-address",
    type: "text",
    readonly: true,
    hidden: !isShown,
    value: address,
    dir: "ltr",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    onfocus: () => field.select(),
  });
  const select = (): void => {
    field.hidden = false;
    field.select();
  };
  const copy = viewCopy(text("return-link-copy"), address, select, text);
  return h("div", { class: "stack-tight" }, copy, field);
}
