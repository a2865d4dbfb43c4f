/** What to do about a failed connection to PostgreSQL, by the error's code and message. */
export function connectionRemedy({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): string {
  if (/startup parameter/i.test(message)) {
    return "A pooler refuses a parameter of the URL: leave it out of the URL, or name it in PgBouncer's ignore_startup_parameters.";
  }
  if (/does not support SSL/i.test(message)) {
    return "Switch TLS on in the server (ssl = on), or use sslmode=disable on a network of your own.";
  }
  if (/certificate|self.signed|ALTNAME|CERT_/i.test(`${code} ${message}`)) {
    return "Name the certificate's authority with sslrootcert=PATH in the URL, and the server by the name in its certificate; sslmode=require means verify-full here.";
  }
  if (/no pg_hba\.conf entry/.test(message)) {
    return "Let this machine and user in: a line of pg_hba.conf, hostssl for sslmode=verify-full.";
  }
  return remedies.get(code) ?? "Check the URL, and that the server runs and admits this machine.";
}

const unresolved = "The host's name cannot be resolved: correct it in the URL, or this machine's DNS.";
const unreachable = "Check host and port in the URL, the firewall, and that the server runs.";
const refusedLogin = "Correct user and password in the URL; special characters must be percent-encoded.";

const remedies: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", unresolved],
  ["EAI_AGAIN", unresolved],
  ["ECONNREFUSED", unreachable],
  ["EHOSTUNREACH", unreachable],
  ["ENETUNREACH", unreachable],
  ["ETIMEDOUT", unreachable],
  ["ENOENT", "A file or socket that the URL names does not exist."],
  ["28P01", refusedLogin],
  ["28000", refusedLogin],
  ["3D000", "Create the database, or correct its name in the URL."],
  ["53300", "The server has no connection left: raise max_connections, or use a pooler."],
  ["42501", "Grant CONNECT on the database to this user."],
  [
    "host_read_only",
    "None of the hosts takes writes: the cluster has no primary now, or the URL does not name it.",
  ],
  ["57P03", "The server is starting or stopping: wait, then run check again."],
]);
