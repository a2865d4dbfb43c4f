import type { PostgresServer } from "@talkme/test-postgres";

import type { Supervisor } from "../supervisor.ts";

/** What a disturbance strikes. */
interface Scene {
  readonly server: PostgresServer;
  /** A superuser's, of the queue's database. */
  readonly url: string;
  /** What the queue connects as. */
  readonly login: string;
  readonly supervisor: Supervisor;
  /** How long it lasts. */
  readonly ms: number;
}

export interface Disturbance {
  readonly name: string;
  /** What is done, for the table. */
  readonly how: string;
  /** Resolves at its end, from which the recovery is counted. */
  strike(scene: Scene): Promise<void>;
}
