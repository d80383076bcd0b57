// What Tor Browser sets in Firefox, as far as a page can notice it. Tor Browser itself is not packaged by Debian, npm
// or PyPI, so these preferences are put into Debian's Firefox of the same line (ESR 153).
//
// Not among them, because Tor Browser does it otherwise than by preferences: its fonts, its NoScript (which at
// Safer leaves pages over https and onion services their scripts, fetches and fonts, and no media and no WebGL),
// and a circuit of its own for each site.

export type Preferences = Readonly<Record<string, string | number | boolean>>;

/** `kSecuritySettings` in toolkit/components/securitylevel/SecurityLevel.sys.mjs, all of it, column 2 ("2-m"). */
const SECURITY_LEVEL_SAFER: Preferences = {
  "javascript.options.ion": false,
  "javascript.options.baselinejit": false,
  "javascript.options.native_regexp": false,
  "mathml.disabled": true,
  "gfx.font_rendering.graphite.enabled": false,
  "gfx.font_rendering.opentype_svg.enabled": false,
  "svg.disabled": false,
  "javascript.options.asmjs": false,
  "javascript.options.wasm": false,
};

/** From browser/app/profile/001-base-profile.js, at every level: what decides what a page can do, keep and see. */
const AT_EVERY_LEVEL: Preferences = {
  // Nothing is kept.
  "browser.privatebrowsing.autostart": true,
  "browser.cache.disk.enable": false,
  "permissions.memory_only": true,
  "browser.formfill.enable": false,
  "browser.sessionstore.privacy_level": 2,
  "browser.sessionstore.resume_from_crash": false,
  "dom.serviceWorkers.enabled": false,
  "dom.push.enabled": false,
  "network.cookie.cookieBehavior": 1,
  "network.cookie.cookieBehavior.pbmode": 1,
  "privacy.firstparty.isolate": true,
  "privacy.partition.network_state": false,
  // Everybody looks alike.
  "privacy.resistFingerprinting": true,
  "privacy.resistFingerprinting.exemptedDomains": "",
  "privacy.resistFingerprinting.randomDataOnCanvasExtract": true,
  "privacy.resistFingerprinting.letterboxing": true,
  "privacy.resistFingerprinting.letterboxing.rememberSize": false,
  "privacy.globalprivacycontrol.enabled": true,
  "browser.display.use_system_colors": false,
  "gfx.offscreencanvas.enabled": false,
  "dom.w3c_touch_events.enabled": 0,
  "dom.netinfo.enabled": false,
  "dom.disable_window_move_resize": true,
  "browser.link.open_newwindow.restriction": 0,
  "javascript.options.spectre.disable_for_isolated_content": false,
  "network.http.referer.defaultPolicy": 2,
  "network.http.referer.XOriginTrimmingPolicy": 2,
  // Whole interfaces are missing.
  "dom.postMessage.sharedArrayBuffer.withCOOP_COEP": false,
  "webgl.enable-webgl2": false,
  "media.peerconnection.enabled": false,
  "media.navigator.enabled": false,
  "media.eme.enabled": false,
  "dom.webmidi.enabled": false,
  "dom.vr.enabled": false,
  "security.webauth.webauthn": false,
  "geo.enabled": false,
  // Nothing is fetched before it is asked for, and nothing without TLS but from onion services.
  "dom.security.https_only_mode": true,
  "network.prefetch-next": false,
  "network.predictor.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.http.speculative-parallel-limit": 0,
};

/** Tor Browser at the level "Safer". */
export const saferPreferences: Preferences = { ...AT_EVERY_LEVEL, ...SECURITY_LEVEL_SAFER };

/** From browser/app/profile/000-tor-browser.js: everything goes through Tor, and onion services count as secure. */
export function throughTor(socksPort: number): Preferences {
  return {
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": socksPort,
    "network.proxy.socks_remote_dns": true,
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": true,
    "network.proxy.allow_bypass": false,
    "network.proxy.failover_direct": false,
    "network.dns.disabled": true,
    "network.trr.mode": 5,
    "network.http.http3.enable": false,
    "network.http.connection-retry-timeout": 0,
    "network.http.referer.hideOnionSource": true,
    "dom.securecontext.allowlist_onions": true,
    "dom.security.https_only_mode.upgrade_onion": false,
  };
}
