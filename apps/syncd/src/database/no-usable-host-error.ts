import { describeDatabaseError } from "./database-fault.ts";
import { hostPlace } from "./database-place.ts";
import type { DatabaseHost } from "./database-url.ts";

/** Why a host was not taken. */
export interface PassedHost {
  readonly host: DatabaseHost;
  readonly error: Error;
}

/** The host answers, and does not take what `target_session_attrs` asks for. */
export class WrongHostError extends Error {
  override readonly name = "WrongHostError";
  readonly code = "host_read_only";
}

/** None of a URL's hosts could be used; names each, and why. */
export class NoUsableHostError extends Error {
  override readonly name = "NoUsableHostError";
  /** That of all hosts if they agree. */
  readonly code: string;

  constructor(passed: readonly PassedHost[]) {
    super(`no host of the database can be used: ${passed.map(whyPassed).join("; ")}`);
    const codes = new Set(passed.map(({ error }) => describeDatabaseError(error).code));
    const [code = "no_usable_host"] = codes;
    this.code = codes.size === 1 ? code : "no_usable_host";
  }
}

/** Such as `db1:5432: it is read-only`. */
function whyPassed({ host, error }: PassedHost): string {
  return `${hostPlace(host)}: ${describeDatabaseError(error).message}`;
}
