import { parseProxyUrl } from "@talkme/core/sockets";

import type { ConfigFile } from "./config-file.ts";
import { readValueFile } from "./environment.ts";

/** The proxy of an account; null for none. The problem begins with the key and never holds the value. */
export type AccountProxy =
  | { readonly ok: true; readonly url: string | null }
  | { readonly ok: false; readonly problem: string };

/**
 * The proxy that an account of the file has: its own, none (`off`), or that of `TALKME_PROXY_URL`.
 *
 * @param shared The URL of `TALKME_PROXY_URL`; null without it.
 */
export function readAccountProxy(
  { proxy_url, proxy_url_file }: ConfigFile["accounts"][string],
  shared: string | null,
): AccountProxy {
  if (proxy_url !== undefined && proxy_url_file !== undefined)
    return { ok: false, problem: ": give either proxy_url or proxy_url_file." };
  if (proxy_url_file === undefined)
    return proxy_url === undefined ? { ok: true, url: shared } : checked("proxy_url", proxy_url);
  const read = readValueFile(proxy_url_file);
  return read.ok
    ? checked("proxy_url_file", read.text)
    : { ok: false, problem: `.proxy_url_file: ${read.problem}` };
}

function checked(key: string, text: string): AccountProxy {
  if (text === "off") return { ok: true, url: null };
  const proxy = parseProxyUrl(text);
  return typeof proxy === "string"
    ? { ok: false, problem: `.${key} is not usable: it ${proxy}. Write off for no proxy.` }
    : { ok: true, url: text };
}
