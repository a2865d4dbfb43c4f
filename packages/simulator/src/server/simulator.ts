import { createServer, type Server } from "node:http";
import { Accounts } from "../api/accounts.ts";
import { Campaigns } from "../api/campaigns.ts";
import type { FaultRule } from "../faults/fault-rule.ts";
import { parseFaultRules } from "../faults/parse-fault-rules.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Statistics } from "../ledger/statistics.ts";
import { Script } from "../script/script.ts";
import { adminPrefix, handleAdmin } from "./admin-handler.ts";
import { ScriptHandler } from "./script-handler.ts";
import { defaultSimulatorOptions, type SimulatorOptions } from "./simulator-options.ts";

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** Without a trailing slash: the base URL to give to a client. */
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  /** All requests since the start or the last reset, refused ones included, but not those to the admin API. */
  readonly requests: number;
  statistics(): Statistics;
  /** Replaces all rules; their counts start at zero. @throws {FaultRulesError} without a change. */
  setFaults(rules: readonly FaultRule[]): void;
  /** Empties the ledger, zeroes all counts, unlocks all tokens and starts the seed over. The rules stay. */
  reset(): void;
  /** Unlocks all tokens, and forgets their 404s. */
  unlock(): void;
  /** Stops listening and closes every socket, even in the middle of an answer. */
  close(): Promise<void>;
}

/**
 * Starts a simulator. It listens by the time the promise resolves.
 *
 * @throws {FaultRulesError} for wrong fault rules; {RangeError} for other wrong options.
 * @throws Node's error (`EADDRINUSE`, `EACCES`) if it cannot listen.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = { ...defaultSimulatorOptions, ...options };
  const script = new Script({
    ...settings,
    accounts: new Accounts(settings.accounts),
    campaigns: new Campaigns(settings.campaigns),
    faults: parseFaultRules(settings.faults),
  });
  const handler = new ScriptHandler(script, options.onRequest ?? null);
  const closesIdleSockets = options.idleSocketTimeoutMs !== undefined;
  const server = createServer((incoming, response) => {
    if (closesIdleSockets && response.shouldKeepAlive) {
      // Set here to keep Node from adding a Keep-Alive header, which would announce the timeout.
      response.setHeader("connection", "keep-alive");
    }
    if (incoming.url?.startsWith(adminPrefix) === true) {
      // Only a client that left in the middle of a PUT gets here.
      handleAdmin(script, incoming, response).catch(() => incoming.destroy());
    } else {
      handler.handle(incoming, response);
    }
  });
  if (options.idleSocketTimeoutMs !== undefined) {
    server.keepAliveTimeout = options.idleSocketTimeoutMs;
    server.keepAliveTimeoutBuffer = 0;
  }
  const port = await listen(server, settings.host, settings.port);
  const close = (): Promise<void> => closeServer(server);
  return {
    url: `http://${clientHost(settings.host)}:${port}`,
    port,
    ledger: script.ledger,
    get requests() {
      return script.requests;
    },
    statistics: () => script.statistics(),
    setFaults: (rules) => script.setFaults(parseFaultRules(rules)),
    reset: () => script.reset(),
    unlock: () => script.unlock(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  await promise;
  server.off("error", reject);
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

/** The host as a client on this machine writes it in a URL. */
function clientHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
