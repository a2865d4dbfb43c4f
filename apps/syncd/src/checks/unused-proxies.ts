import type { AccountSettings } from "../config/settings.ts";
import type { Environment } from "../config/environment.ts";
import { proxy as says } from "../language/findings/proxy.ts";
import { ok, type Finding } from "./finding.ts";

const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/** Other programs' variables for a proxy that are set. */
export function proxyVariables(environment: Environment): readonly string[] {
  return names.filter((name) => Boolean(environment[name]));
}

/** Says that they count for nothing, where an account connects directly. */
export function checkUnusedProxies(
  variables: readonly string[],
  accounts: readonly Pick<AccountSettings, "name" | "proxyUrl">[],
): readonly Finding[] {
  const direct = accounts.filter(({ proxyUrl }) => proxyUrl === null).map(({ name }) => name);
  if (variables.length === 0 || direct.length === 0) return [];
  return [ok("proxy", says.unused(variables, direct))];
}
