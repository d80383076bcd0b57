// The page that a link opens.

import "./address.ts";
import "../shared/old-browsers.ts";
import { fragment, putInAddressBar } from "./address.ts";
import { inApp } from "./in-app.ts";
import { placeOf } from "./place.ts";
import { Tab } from "./tab.ts";

const named = document.querySelector<HTMLMetaElement>('meta[name="relay"]')?.content ?? "";

const tab = new Tab({
  inApp: inApp(navigator.userAgent, location.origin + location.pathname + fragment),
  putInAddressBar,
  paste: () => undefined,
});

// Somebody may paste another link into this tab: a link is read only by a page that starts.
addEventListener("hashchange", () => location.reload());

tab.open(placeOf(location.origin, named), fragment);
