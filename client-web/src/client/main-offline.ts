// The page that is a file on the person's device: nobody can serve it changed. It opens the links of any relay that
// takes it, once they are pasted.

import "../shared/old-browsers.ts";
import { readPasted } from "./paste.ts";
import { Tab } from "./tab.ts";

const tab = new Tab({
  // Apps open links, and no files.
  inApp: undefined,
  // The link never stood in this page's address.
  putInAddressBar: () => undefined,
  paste: (text) => {
    const pasted = readPasted(text, Date.now());
    if (typeof pasted === "string") tab.show({ status: "paste", problem: pasted });
    else tab.open(pasted.place, pasted.fragment);
  },
});

tab.show({ status: "paste", problem: undefined });
