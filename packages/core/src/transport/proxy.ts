/** An HTTP proxy that opens tunnels (CONNECT), read from its URL. */
export interface Proxy {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection to the proxy itself is TLS. */
  readonly isSecure: boolean;
  /** For people: scheme, host and port, without user and password. */
  readonly place: string;
  /** The value of `Proxy-Authorization`; null without a user. */
  readonly authorization: string | null;
}

/**
 * Reads `http://user:password@host:port` or the same with https.
 *
 * @returns The proxy, or what is wrong with the URL, without any part of it.
 */
export function parseProxyUrl(text: string): Proxy | string {
  if (!URL.canParse(text)) return `must be an absolute URL${encodingHint}`;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return "must begin with http:// or https://: other kinds of proxy are not supported";
  if (url.pathname !== "/" || /[?#]/.test(text))
    return `must have neither path, query nor hash${encodingHint}`;
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === null || password === null)
    return `has a user or password that is not decodable${encodingHint}`;
  if (user.includes(":")) return "has a user name with a colon, which no proxy could tell from the password";
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    isSecure,
    place: `${url.protocol}//${url.hostname}:${port}`,
    authorization:
      user === "" && password === ""
        ? null
        : `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`,
  };
}

const encodingHint = "; in user and password, percent-encode all but letters and digits";

/** Null for broken percent-encoding and for control characters, which would end the header. */
function decoded(part: string): string | null {
  try {
    const text = decodeURIComponent(part);
    return /\p{Cc}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}
