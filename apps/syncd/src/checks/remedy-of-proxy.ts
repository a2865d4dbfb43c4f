import type { ProxyError } from "@talkme/core/sockets";

import { proxies } from "../language/findings/machine.ts";
import type { Text } from "../language/text.ts";

/** What to do about a proxy that opened no tunnel. */
export function remedyOfProxy({ code, cause }: ProxyError): Text {
  switch (code) {
    case "proxy_unreachable":
      return isCertificate(cause) ? proxies.certificate : proxies.unreachable;
    case "proxy_authentication_failed":
      return proxies.authentication;
    case "proxy_refused":
      return proxies.refused;
    case "proxy_failed":
      return proxies.failed;
    default:
      return code satisfies never;
  }
}

function isCertificate(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code);
}
