import { parseHostList, type DatabaseHost } from "./database-url.ts";

/** Hosts, ports and database of a URL for people, without user and password. */
export function databasePlace(url: string): string {
  const list = parseHostList(url);
  if (list === null) {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port === "" ? "5432" : port}${pathname}`;
  }
  return `${list.hosts.map(hostPlace).join(",")}${new URL(list.driverUrl).pathname}`;
}

export function hostPlace({ host, port }: DatabaseHost): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
