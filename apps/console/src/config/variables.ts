import { BlockList, isIP } from "node:net";

import { z } from "zod";

/** Every environment variable; `docs/console.md` explains them. An error quotes the description as what was expected. */
export const variables = {
  TALKME_CONSOLE_DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text))
    .describe("postgresql://user:password@host:5432/database, of a login that inherits nothing"),
  TALKME_CONSOLE_HTTP_HOST: z.string().default("127.0.0.1").describe("an address to listen on"),
  TALKME_CONSOLE_HTTP_PORT: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(9465)
    .describe("a TCP port from 0 to 65535, 0 = any free one"),
  TALKME_CONSOLE_PUBLIC_URL: z
    .string()
    .refine(isOrigin)
    .transform((text) => new URL(text).origin)
    .optional()
    .describe("the https:// or http:// address that people type, without a path"),
  TALKME_CONSOLE_LOGIN: z.enum(["local", "proxy"]).default("local").describe("local or proxy"),
  TALKME_CONSOLE_PROXY_ADDRESSES: z
    .string()
    .transform((text, context) => {
      const list = addressList(text);
      if (list !== null) return list;
      context.addIssue({ code: "custom", message: "an address cannot be read" });
      return z.NEVER;
    })
    .optional()
    .describe("addresses or networks with commas between them, such as 10.0.0.5, 10.1.0.0/24, ::1"),
  TALKME_CONSOLE_PROXY_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .transform((name) => name.toLowerCase())
    .default("x-forwarded-user")
    .describe("the name of a header"),
  TALKME_CONSOLE_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("trace, debug, info, warn, error, fatal or silent"),
} as const;

export const variablesSchema = z.object(variables);
export type Variables = z.output<typeof variablesSchema>;

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  const isWeb = protocol === "https:" || protocol === "http:";
  return isWeb && pathname === "/" && `${username}${password}${search}${hash}` === "";
}

/** Null where one cannot be read. */
function addressList(text: string): BlockList | null {
  const list = new BlockList();
  for (const part of text.split(",").map((one) => one.trim())) {
    const [address = "", prefix] = part.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const longest = family === "ipv6" ? 128 : 32;
    if (isIP(address) === 0 || (prefix !== undefined && !(/^\d+$/.test(prefix) && Number(prefix) <= longest)))
      return null;
    list.addSubnet(address, Number(prefix ?? longest), family);
  }
  return list;
}
