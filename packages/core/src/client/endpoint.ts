/** Where requests go. */
export interface Endpoint {
  readonly origin: string;
  readonly path: string;
}

const script = "dbdial_webapi.php";

/**
 * The API's only endpoint under a base URL, whose path, if any, is kept as a prefix. A base URL that already
 * names the script is taken as it is.
 *
 * @returns the endpoint, or what is wrong with the base URL.
 */
export function endpoint(baseUrl: string): Endpoint | string {
  if (!URL.canParse(baseUrl)) return "must be an absolute URL";
  const url = new URL(baseUrl);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https:// or http://";
  if (url.username !== "" || url.password !== "") return "must not hold credentials";
  // An empty query or hash leaves no trace in `search` and `hash`.
  if (/[?#]/.test(baseUrl)) return "must have neither query nor hash";
  const prefix = url.pathname.replace(/\/+$/, "");
  return { origin: url.origin, path: prefix.endsWith(`/${script}`) ? prefix : `${prefix}/${script}` };
}
