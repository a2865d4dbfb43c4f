import { defaultIdCliente, defaultToken, startSimulator, type Simulator } from "@talkme/simulator";
import { createDatabase, memberUrl, startEmbeddedServer } from "@talkme/test-postgres";

import { Outbox } from "../rows/outbox.ts";
import { Daemon } from "./daemon.ts";
import type { Interruption } from "./interruption.ts";
import { migrate } from "./migration.ts";
import { RequestCounter } from "./request-counter.ts";
import { campaigns, faults } from "./scripted-api.ts";

/** Observes the start of each part. */
export interface Announcer {
  starting(what: string): void;
  started(what: string, detail: string): void;
}

/** Everything that runs; disposing of it leaves nothing behind. */
export class Stage implements AsyncDisposable {
  readonly databaseUrl: string;
  /** Of a person who inserts rows and repairs them, and owns nothing. */
  readonly personUrl: string;
  readonly outbox: Outbox;
  readonly simulator: Simulator;
  readonly requests: RequestCounter;
  readonly daemon: Daemon;
  readonly #running: AsyncDisposableStack;

  private constructor(
    parts: Pick<Stage, "databaseUrl" | "personUrl" | "outbox" | "simulator" | "requests" | "daemon">,
    running: AsyncDisposableStack,
  ) {
    this.databaseUrl = parts.databaseUrl;
    this.personUrl = parts.personUrl;
    this.outbox = parts.outbox;
    this.simulator = parts.simulator;
    this.requests = parts.requests;
    this.daemon = parts.daemon;
    this.#running = running;
  }

  /**
   * Starts PostgreSQL and the simulator, migrates, and starts the daemon. An interruption takes effect between two
   * steps. On any failure, what was started is stopped again.
   */
  static async open(interruption: Interruption, announcer: Announcer): Promise<Stage> {
    const { signal } = interruption;
    await using running = new AsyncDisposableStack();

    announcer.starting("PostgreSQL");
    const server = await startEmbeddedServer();
    running.defer(() => server.remove());
    signal.throwIfAborted();
    const { url: databaseUrl } = await createDatabase(server.url, { name: "demo" });
    const outbox = running.use(await Outbox.connect(databaseUrl));
    announcer.started("PostgreSQL", `version ${await outbox.serverVersion()}, in a temporary folder`);

    announcer.starting("simulator");
    const requests = new RequestCounter();
    const simulator = running.use(
      await startSimulator({ campaigns, faults, onRequest: (request) => requests.count(request.numero) }),
    );
    announcer.started("simulator", `stands in for https://api.talk.me at ${simulator.url}`);
    signal.throwIfAborted();

    announcer.starting("syncd migrate");
    await migrate(databaseUrl);
    announcer.started("syncd migrate", "created the schema talkme");
    signal.throwIfAborted();

    announcer.starting("syncd run");
    // As in production: a login of its own, which may do what talkme_daemon may and nothing else.
    const daemonUrl = await memberUrl(databaseUrl, "talkme_daemon", "syncd");
    const settings = daemonSettings(daemonUrl, simulator.url);
    const daemon = running.use(await Daemon.start(settings, (error) => interruption.interrupt(error)));
    announcer.started("syncd run", `the daemon, as process ${daemon.pid}`);
    signal.throwIfAborted();

    const personUrl = await memberUrl(databaseUrl, "talkme_producer", person);
    await outbox.grant("talkme_operator", person);

    return new Stage({ databaseUrl, personUrl, outbox, simulator, requests, daemon }, running.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }
}

/** The login of whoever types statements. */
const person = "shop";

function daemonSettings(databaseUrl: string, baseUrl: string): Readonly<Record<string, string>> {
  return {
    TALKME_DATABASE_URL: databaseUrl,
    TALKME_ID_CLIENTE: defaultIdCliente,
    TALKME_TOKEN: defaultToken,
    TALKME_BASE_URL: baseUrl,
    TALKME_HTTP_PORT: "0",
    // Short, because a person is watching; seconds and hours in production.
    TALKME_BACKOFF_BASE_MS: "200",
    TALKME_POLL_INTERVAL_MS: "250",
    TALKME_DRAIN_TIMEOUT_MS: "3000",
  };
}
