/** Whether a host of a URL, or an address to listen on, is this machine and nobody else's way in. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || host.startsWith("127.");
}
