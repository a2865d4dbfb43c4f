import { parse, type ParsedUrlQuery } from "node:querystring";

/** A request to the script, not yet judged. */
export interface ApiRequest {
  readonly method: string;
  /** Without the question mark; still encoded. */
  readonly rawQuery: string;
  readonly query: ParsedUrlQuery;
  readonly body: RequestBody;
}

export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "not-json" };

/** The body was unreadable, or there was none: a GET. */
export const noBody: RequestBody = { kind: "none" };

const fatalUtf8 = new TextDecoder("utf-8", { fatal: true });

export function apiRequest(method: string, rawQuery: string, body: RequestBody): ApiRequest {
  // node:querystring is several times faster than URLSearchParams, and as forgiving as PHP.
  return { method, rawQuery, query: parse(rawQuery), body };
}

/** The body of a POST. Bytes that are not UTF-8 are not JSON either. */
export function parseBody(bytes: Buffer): RequestBody {
  try {
    const value: unknown = JSON.parse(fatalUtf8.decode(bytes));
    return { kind: "json", value };
  } catch {
    return { kind: "not-json" };
  }
}

/** A parameter's value; null if absent or empty. The last of several counts, as in PHP. */
export function queryParameter(query: ParsedUrlQuery, name: string): string | null {
  const value = query[name];
  const last = typeof value === "object" ? value.at(-1) : value;
  return last === undefined || last === "" ? null : last;
}
