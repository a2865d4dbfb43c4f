import { databaseUrl as says } from "../language/findings/database-url.ts";
import { SpokenError } from "../language/spoken-error.ts";

/** A host of a database URL. */
export interface DatabaseHost {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

/** Which of the hosts will do: `primary` is not in recovery; `read-write` takes writes by default, too. */
type SessionAttributes = "any" | "read-write" | "primary";

/** A database URL that names several hosts, or says what kind of host it wants. */
export interface HostList {
  readonly hosts: readonly DatabaseHost[];
  readonly attributes: SessionAttributes;
  /** Whether each connection tries them in an order of its own. */
  readonly shuffled: boolean;
  /** The most that a host may take to let us in; null: its share of the whole. */
  readonly hostTimeoutMs: number | null;
  /** The URL for the driver, which knows one host only: the host in it means nothing. */
  readonly driverUrl: string;
}

/** What is wrong with a URL, without anything of it that may be secret. */
export class DatabaseUrlError extends SpokenError {
  override readonly name = "DatabaseUrlError";
}

const usualPort = 5432;
const parts =
  /^(?<scheme>postgres(?:ql)?:\/\/)(?<credentials>[^/?#]*@)?(?<hosts>[^/?#@]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;
const ourParameters = [
  "host",
  "port",
  "target_session_attrs",
  "load_balance_hosts",
  "connect_timeout",
] as const;

/**
 * Reads what the driver does not know of libpq's URLs: several hosts, each with a port of its own, as
 * `postgresql://a:5432,[::1]:5433/db` or in the parameters `host` and `port`; `target_session_attrs`, `load_balance_hosts` and
 * `connect_timeout`.
 *
 * @returns Null for a URL that has nothing of it: that is for the driver alone.
 * @throws {DatabaseUrlError}
 */
export function parseHostList(url: string): HostList | null {
  const found = parts.exec(url)?.groups;
  if (found === undefined) throw new DatabaseUrlError(says.otherScheme);
  const { scheme = "", credentials = "", hosts: authority = "", path = "" } = found;
  const parameters = new URLSearchParams(found["query"] ?? "");
  if (!authority.includes(",") && !ourParameters.some((name) => parameters.has(name))) {
    if (!URL.canParse(url)) throw new DatabaseUrlError(says.unreadable);
    return null;
  }
  const hosts = withPorts(readHosts(authority, parameters.get("host")), parameters.get("port"));
  const list = {
    hosts,
    attributes: readAttributes(parameters, hosts.length),
    shuffled: readShuffled(parameters),
    hostTimeoutMs: readTimeout(parameters),
  };
  for (const name of ourParameters) parameters.delete(name);
  const rest = parameters.toString().replaceAll("+", "%20");
  return { ...list, driverUrl: `${scheme}${credentials}localhost${path}${rest === "" ? "" : `?${rest}`}` };
}

/** As in libpq, the parameter counts where there are both. */
function readHosts(authority: string, named: string | null): readonly DatabaseHost[] {
  if (named === null) return authority.split(",").map(readHost);
  return named.split(",").map((host, index) => ({ host: notEmpty(host, index), port: usualPort }));
}

/** `name:5432`, `[::1]:5432`, or a socket's folder with its slashes percent-encoded; the port may be left out. */
function readHost(text: string, index: number): DatabaseHost {
  const found = /^(?:\[(?<address>[\da-fA-F:.%]+)\]|(?<name>[^:[\]]*))(?::(?<port>[^:]*))?$/.exec(
    text,
  )?.groups;
  if (found === undefined) throw new DatabaseUrlError(says.unreadableHost(index + 1));
  return {
    host: decode(found["address"] ?? found["name"] ?? "", index),
    port: readPort(found["port"] ?? "", index),
  };
}

/** As in libpq, the parameter has one port for each host, or one for all. */
function withPorts(hosts: readonly DatabaseHost[], given: string | null): readonly DatabaseHost[] {
  if (given === null) return hosts;
  const ports = given.split(",");
  if (ports.length !== 1 && ports.length !== hosts.length)
    throw new DatabaseUrlError(says.counts(hosts.length, ports.length));
  return hosts.map(({ host }, index) => ({ host, port: readPort(ports[index] ?? ports[0] ?? "", index) }));
}

function decode(text: string, index: number): string {
  try {
    return notEmpty(decodeURIComponent(text), index);
  } catch (error) {
    if (error instanceof DatabaseUrlError) throw error;
    throw new DatabaseUrlError(says.encodesNothing(index + 1));
  }
}

function notEmpty(host: string, index: number): string {
  if (host === "") throw new DatabaseUrlError(says.emptyHost(index + 1));
  return host;
}

function readPort(text: string, index: number): number {
  const port = text === "" ? usualPort : Number(text);
  if (!/^\d*$/.test(text) || port < 1 || port > 65_535) throw new DatabaseUrlError(says.port(index + 1));
  return port;
}

/** Unlike libpq, several hosts mean `read-write` unless the URL says otherwise: syncd can use no other. */
function readAttributes(parameters: URLSearchParams, hosts: number): SessionAttributes {
  const value = parameters.get("target_session_attrs") ?? (hosts > 1 ? "read-write" : "any");
  switch (value) {
    case "any":
    case "read-write":
    case "primary":
      return value;
    case "read-only":
    case "standby":
    case "prefer-standby":
      throw new DatabaseUrlError(says.mustWrite(value));
    default:
      throw new DatabaseUrlError(says.attributes);
  }
}

function readShuffled(parameters: URLSearchParams): boolean {
  const value = parameters.get("load_balance_hosts") ?? "disable";
  if (value !== "disable" && value !== "random") throw new DatabaseUrlError(says.balance);
  return value === "random";
}

/** As in libpq, 0 is none. */
function readTimeout(parameters: URLSearchParams): number | null {
  const value = parameters.get("connect_timeout");
  if (value === null) return null;
  if (!/^\d{1,6}$/.test(value)) throw new DatabaseUrlError(says.timeout);
  return value === "0" ? null : Number(value) * 1000;
}
