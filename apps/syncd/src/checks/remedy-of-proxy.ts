import type { ProxyError } from "@talkme/core/sockets";

/** What to do about a proxy that opened no tunnel. */
export function remedyOfProxy({ code, cause }: ProxyError): string {
  switch (code) {
    case "proxy_unreachable":
      return isCertificate(cause)
        ? "The proxy's certificate does not prove its name: check TALKME_PROXY_URL, the machine's clock and its certificate authorities (NODE_EXTRA_CA_CERTS)."
        : "Check host, port and scheme in TALKME_PROXY_URL, the firewall, and that the proxy runs.";
    case "proxy_authentication_failed":
      return "Correct user and password in TALKME_PROXY_URL (http://user:password@host:port, percent-encoded). If the proxy takes no Basic authentication, have it let this machine through without.";
    case "proxy_refused":
      return "Have the proxy allow CONNECT to this host and port; a 502, 503 or 504 says that the proxy itself cannot reach it.";
    case "proxy_failed":
      return "Check that TALKME_PROXY_URL is an HTTP proxy's, with the right port, and http:// or https:// as the proxy itself speaks.";
    default:
      return code satisfies never;
  }
}

function isCertificate(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|SSL|TLS|EPROTO/.test(code);
}
