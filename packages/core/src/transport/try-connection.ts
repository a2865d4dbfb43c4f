import { anyAddressConnector } from "./connector.ts";
import type { Proxy } from "./proxy.ts";

/**
 * Connects as a client does, through the same proxy and with TLS, sends no request, and closes.
 *
 * @param url An http or https URL; only its origin matters.
 * @throws ProxyError, or the error of the connection.
 */
export async function tryConnection(
  url: URL,
  { timeoutMs, proxy }: { readonly timeoutMs: number; readonly proxy?: Proxy | undefined },
): Promise<void> {
  const { protocol, host, port } = url;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const connect = anyAddressConnector({ timeoutMs, proxy });
  await new Promise<void>((resolve, reject) => {
    connect({ protocol, host, hostname, port }, (error, socket) => {
      if (error !== null) {
        reject(error);
        return;
      }
      socket.on("error", () => "It is closed anyway.").destroy();
      resolve();
    });
  });
}
