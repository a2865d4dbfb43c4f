import { parseProxyUrl } from "@talkme/core/sockets";

/** Scheme, host and port of a proxy's URL, for people: without user and password. */
export function proxyPlace(url: string): string {
  const proxy = parseProxyUrl(url);
  return typeof proxy === "string" ? "a proxy" : proxy.place;
}
