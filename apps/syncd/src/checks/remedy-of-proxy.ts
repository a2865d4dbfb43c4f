import type { ProxyError } from "@talkme/core/sockets";

import { proxy as says } from "../language/findings/proxy.ts";
import type { Text } from "../language/text.ts";

/** What to do about a proxy that opened no tunnel. */
export function remedyOfProxy({ code, cause }: ProxyError): Text {
  switch (code) {
    case "proxy_unreachable":
      return isCertificateCode(codeOf(cause)) ? says.certificate : says.place;
    case "proxy_authentication_failed":
      return says.login;
    case "proxy_refused":
      return says.rules;
    case "proxy_failed":
      return says.noProxy;
    default:
      return code satisfies never;
  }
}

export function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
