import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSimulator, type Simulator } from "@talkme/simulator";
import { createDatabase, memberUrl, startEmbeddedServer, type PostgresServer } from "@talkme/test-postgres";

import { AnswerLog } from "./api/answer-log.ts";
import { stormyRules } from "./api/api-rules.ts";
import { Connection } from "./database/connection.ts";
import { DisturbedTimes } from "./database/disturbed-times.ts";
import { Sampler } from "./database/sampler.ts";
import { Meddling } from "./disturb/meddling.ts";
import { configFile } from "./process/config-file.ts";
import { daemonSettings } from "./process/daemon-settings.ts";
import { Fleet } from "./process/fleet.ts";
import { migrate } from "./process/migrate.ts";
import { ProcessWatch } from "./process/process-watch.ts";
import type { NumberSource } from "./producer/outbox-values.ts";
import type { ProducerParts } from "./producer/producer.ts";
import { Production } from "./producer/production.ts";
import { findPsql, standIn } from "./producer/psql.ts";
import type { SeededRandom } from "./random/seeded-random.ts";

export interface StageOptions {
  readonly seed: number;
  readonly instances: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Far from the API's references, which count as well: what ends as the recipient's number does is taken for an echo of it. */
const firstNumber = 50_000_000;

/** Everything that a run consists of: dispose of it, and nothing is left. */
export class Stage implements AsyncDisposable {
  readonly server: PostgresServer;
  readonly databaseUrl: string;
  readonly simulator: Simulator;
  readonly connection: Connection;
  readonly sampler: Sampler;
  readonly fleet: Fleet;
  readonly answers: AnswerLog;
  readonly disturbedTimes: DisturbedTimes;
  readonly meddling: Meddling;
  readonly watch: ProcessWatch;
  readonly production = new Production();
  readonly shell = findPsql() ?? standIn;
  readonly #running: AsyncDisposableStack;
  #numbers = 0;

  private constructor(
    parts: Pick<
      Stage,
      | "server"
      | "databaseUrl"
      | "simulator"
      | "connection"
      | "sampler"
      | "fleet"
      | "answers"
      | "disturbedTimes"
      | "meddling"
      | "watch"
    >,
    running: AsyncDisposableStack,
  ) {
    this.server = parts.server;
    this.databaseUrl = parts.databaseUrl;
    this.simulator = parts.simulator;
    this.connection = parts.connection;
    this.sampler = parts.sampler;
    this.fleet = parts.fleet;
    this.answers = parts.answers;
    this.disturbedTimes = parts.disturbedTimes;
    this.meddling = parts.meddling;
    this.watch = parts.watch;
    this.#running = running;
  }

  /** Starts PostgreSQL and the simulator, migrates, and starts the instances. */
  static async open({ seed, instances, settings, signal }: StageOptions): Promise<Stage> {
    await using running = new AsyncDisposableStack();

    // fsync is off, as in every test: only processes crash here, not the machine, so nothing written is lost, and waiting
    // for the disk would only slow the run.
    const server = await startEmbeddedServer();
    running.defer(() => server.remove());
    const { url: databaseUrl } = await createDatabase(server.url, { name: "chaos" });
    await migrate(databaseUrl);
    const daemonUrl = await memberUrl(databaseUrl, "talkme_daemon");
    signal.throwIfAborted();

    const answers = new AnswerLog();
    const simulator = running.use(
      await startSimulator({
        seed,
        faults: stormyRules,
        onRequest: (request) => answers.note(request),
      }),
    );

    const folder = await mkdtemp(join(tmpdir(), "talkme-chaos-"));
    running.defer(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "talkme.yaml");
    await writeFile(file, configFile);

    const disturbedTimes = new DisturbedTimes();
    const meddling = new Meddling();
    const connection = running.use(new Connection(databaseUrl, "chaos"));
    const sampler = new Sampler(running.use(new Connection(databaseUrl, "sampler")), meddling);
    const stopSampling = new AbortController();
    const sampling = sampler.run(stopSampling.signal);
    running.defer(async () => {
      stopSampling.abort();
      await sampling;
    });
    const watch = new ProcessWatch(databaseUrl, sampler, disturbedTimes, meddling);
    const fleet = running.use(
      await Fleet.start({
        instances,
        settingsOf: (instance) =>
          daemonSettings({ databaseUrl: daemonUrl, apiUrl: simulator.url }, instance === 0, {
            TALKME_CONFIG: file,
            ...settings,
          }),
        watch,
      }),
    );
    signal.throwIfAborted();
    const parts = {
      server,
      databaseUrl,
      simulator,
      connection,
      sampler,
      fleet,
      answers,
      disturbedTimes,
      meddling,
      watch,
    };
    return new Stage(parts, running.move());
  }

  /** A producer's parts; all producers draw their numbers from here. */
  producerParts(random: SeededRandom): ProducerParts {
    const { shell, databaseUrl, production, sampler } = this;
    const nextNumber: NumberSource = (prefix = "119") => `${prefix}${String(firstNumber + ++this.#numbers)}`;
    return {
      program: shell,
      databaseUrl,
      random,
      nextNumber,
      production,
      pending: () => sampler.pending,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }
}
