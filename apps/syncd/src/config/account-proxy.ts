import { parseProxyUrl } from "@talkme/core/sockets";

import type { ConfigFile } from "./config-file.ts";
import { readValueFile } from "./environment.ts";
import { wrongSettings } from "../language/findings/settings.ts";
import type { Text } from "../language/text.ts";

/** The proxy of an account; null for none. The problem never holds the value. */
export type AccountProxy =
  | { readonly ok: true; readonly url: string | null }
  | { readonly ok: false; readonly problem: Text };

/**
 * The proxy that an account of the file has: its own, none (`off`), or that of `TALKME_PROXY_URL`.
 *
 * @param place The account's place in the file.
 * @param shared The URL of `TALKME_PROXY_URL`; null without it.
 */
export function readAccountProxy(
  place: string,
  { proxy_url, proxy_url_file }: ConfigFile["accounts"][string],
  shared: string | null,
): AccountProxy {
  if (proxy_url !== undefined && proxy_url_file !== undefined)
    return { ok: false, problem: wrongSettings.eitherOf(place, "proxy_url", "proxy_url_file") };
  if (proxy_url_file === undefined)
    return proxy_url === undefined ? { ok: true, url: shared } : checked(`${place}.proxy_url`, proxy_url);
  const read = readValueFile(proxy_url_file);
  return read.ok
    ? checked(`${place}.proxy_url_file`, read.text)
    : { ok: false, problem: wrongSettings.at(`${place}.proxy_url_file`, read.problem) };
}

function checked(place: string, text: string): AccountProxy {
  if (text === "off") return { ok: true, url: null };
  const proxy = parseProxyUrl(text);
  return typeof proxy === "string"
    ? { ok: false, problem: wrongSettings.unusableProxy(place, proxy) }
    : { ok: true, url: text };
}
