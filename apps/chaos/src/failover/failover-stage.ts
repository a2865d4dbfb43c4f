import { setTimeout as sleep } from "node:timers/promises";

import { startSimulator, type Simulator } from "@talkme/simulator";
import { asMember, createDatabase, createMember } from "@talkme/test-postgres";

import { AnswerLog } from "../api/answer-log.ts";
import { calmRules } from "../api/api-rules.ts";
import { Connection } from "../database/connection.ts";
import { DisturbedTimes } from "../database/disturbed-times.ts";
import { Sampler } from "../database/sampler.ts";
import { Meddling } from "../disturb/meddling.ts";
import { daemonSettings } from "../process/daemon-settings.ts";
import { Fleet } from "../process/fleet.ts";
import { migrate } from "../process/migrate.ts";
import { ProcessWatch } from "../process/process-watch.ts";
import type { NumberSource } from "../producer/outbox-values.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import { Commits } from "./commits.ts";
import type { ConfirmedProducerParts } from "./confirmed-producer.ts";
import { Person } from "./person.ts";

/** Servers of which one takes writes, and another one some time later. */
export interface FailingServers {
  /** The superuser's URL of the leader of the moment. @throws if there is none. */
  readonly leaderUrl: () => Promise<string>;
  /** The superuser's URL of each. */
  readonly urls: readonly string[];
  /** The variables with which syncd finds the leader, for a login that has `talkme_daemon`. */
  readonly settingsFor: (database: string, login: string) => Promise<Readonly<Record<string, string>>>;
}

export type Durability = "standby" | "local";

export interface FailoverStageOptions {
  readonly servers: FailingServers;
  readonly durability: Durability;
  readonly seed: number;
  readonly instances: number;
  /** Further variables of the daemon, or other values. */
  readonly settings?: Readonly<Record<string, string>>;
}

const confirmedDeadlineMs = 60_000;
const databaseName = "chaos";
const role = "talkme_daemon";
const login = "syncd";
const firstNumber = 50_000_000;

/** A cluster's database, the API, the instances and the person: dispose of it, and nothing of it is left. */
export class FailoverStage implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly connection: Connection;
  readonly sampler: Sampler;
  readonly fleet: Fleet;
  readonly answers: AnswerLog;
  readonly watch: ProcessWatch;
  readonly person: Person;
  readonly meddling: Meddling;
  readonly commits = new Commits();
  readonly #urls: readonly string[];
  readonly #running: AsyncDisposableStack;
  #numbers = 0;

  private constructor(
    parts: Pick<
      FailoverStage,
      "simulator" | "connection" | "sampler" | "fleet" | "answers" | "watch" | "person" | "meddling"
    >,
    urls: readonly string[],
    running: AsyncDisposableStack,
  ) {
    this.simulator = parts.simulator;
    this.connection = parts.connection;
    this.sampler = parts.sampler;
    this.fleet = parts.fleet;
    this.answers = parts.answers;
    this.watch = parts.watch;
    this.person = parts.person;
    this.meddling = parts.meddling;
    this.#urls = urls;
    this.#running = running;
  }

  /** Migrates, and starts the API, the person and the instances. */
  static async open(options: FailoverStageOptions): Promise<FailoverStage> {
    const { servers, durability, seed, instances } = options;
    await using running = new AsyncDisposableStack();
    const { url } = await createDatabase(await servers.leaderUrl(), { name: databaseName });
    await migrate(url);
    await createMember(url, role, login);

    const answers = new AnswerLog();
    const simulator = running.use(
      await startSimulator({ seed, faults: calmRules, onRequest: (request) => answers.note(request) }),
    );
    const urls = servers.urls.map(inDatabase);
    const leaderUrl = async (): Promise<string> => inDatabase(await servers.leaderUrl());
    const meddling = new Meddling();
    const connection = running.use(new Connection(leaderUrl, "chaos"));
    const sampler = new Sampler(running.use(new Connection(leaderUrl, "sampler")), meddling);
    const person = new Person({ leaderUrl, urls, simulator, meddling });
    const stop = new AbortController();
    const watching = Promise.all([sampler.run(stop.signal), person.run(stop.signal)]);
    running.defer(async () => {
      stop.abort();
      await watching;
    });
    const watch = new ProcessWatch(leaderUrl, sampler, new DisturbedTimes(), meddling);
    const entrance = await servers.settingsFor(databaseName, login);
    const fleet = running.use(
      await Fleet.start({
        instances,
        settingsOf: () =>
          daemonSettings({ databaseUrl: asMember(url, role, login), apiUrl: simulator.url }, false, {
            TALKME_CLAIM_DURABILITY: durability,
            ...entrance,
            ...options.settings,
          }),
        watch,
      }),
    );
    if (durability === "standby") await isKnownToBeConfirmed(connection);
    const parts = { simulator, connection, sampler, fleet, answers, watch, person, meddling };
    return new FailoverStage(parts, urls, running.move());
  }

  /** A producer's parts; all producers draw their numbers from here. */
  producerParts(random: SeededRandom): ConfirmedProducerParts {
    const nextNumber: NumberSource = (prefix = "119") => `${prefix}${String(firstNumber + ++this.#numbers)}`;
    const { commits, sampler } = this;
    return { urls: this.#urls, random, nextNumber, commits, pending: () => sampler.pending };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }
}

/** A lease after the last local claim can have been made, the database says that a standby has confirmed them all. */
async function isKnownToBeConfirmed(connection: Connection): Promise<void> {
  const endMs = performance.now() + confirmedDeadlineMs;
  for (;;) {
    const [history] = await connection.ask<{ claims: string }>(
      "select claim_durability as claims from talkme.history",
    );
    if (history?.claims === "standby") return;
    if (performance.now() > endMs)
      throw new Error("talkme.history never says that a standby confirms every claim.");
    await sleep(200);
  }
}

function inDatabase(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
}
