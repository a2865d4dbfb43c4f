import { isIPv4 } from "node:net";

/**
 * Whether a host of a URL, or an address to listen on, is this machine and nobody else's way in. `127.example.com` is a
 * name that anybody may register.
 */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" || host === "[::1]" || host === "::1" || (isIPv4(host) && host.startsWith("127."))
  );
}
