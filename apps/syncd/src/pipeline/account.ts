import type { TalkmeClient } from "@talkme/core";

/** A Talk.me account at work: its client, and what is on the wire for it. */
export class Account {
  readonly name: string;
  #client: TalkmeClient;
  #inFlight = 0;
  #trials = 0;

  constructor(name: string, client: TalkmeClient) {
    this.name = name;
    this.#client = client;
  }

  /** The one for the next request: see {@link replaceClient}. */
  get client(): TalkmeClient {
    return this.#client;
  }

  /** From now on requests go through another client; those on the wire end where they are. */
  replaceClient(client: TalkmeClient): void {
    const old = this.#client;
    this.#client = client;
    old.close().catch(() => "It closes when its last request has ended.");
  }

  /** Requests on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Of these, the rows that try the account or their lane. */
  get trials(): number {
    return this.#trials;
  }

  started(trial: boolean): void {
    this.#inFlight += 1;
    this.#trials += Number(trial);
  }

  finished(trial: boolean): void {
    this.#inFlight -= 1;
    this.#trials -= Number(trial);
  }
}
