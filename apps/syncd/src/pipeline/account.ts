import type { TalkmeClient } from "@talkme/core";

/** A Talk.me account at work: its client, and what is on the wire for it. */
export class Account {
  readonly name: string;
  #client: TalkmeClient;
  #fingerprint: () => string;
  #token: string | null = null;
  #inFlight = 0;
  #trials = 0;

  /** @param fingerprint Works out what the client's token is known by; asked once, and only where the API refuses it. */
  constructor(name: string, client: TalkmeClient, fingerprint: () => string) {
    this.name = name;
    this.#client = client;
    this.#fingerprint = fingerprint;
  }

  /** What its token is known by among the instances. */
  get token(): string {
    this.#token ??= this.#fingerprint();
    return this.#token;
  }

  /** The one for the next request: see {@link replaceClient}. */
  get client(): TalkmeClient {
    return this.#client;
  }

  /** From now on requests go through another client; those on the wire end where they are. */
  replaceClient(client: TalkmeClient, fingerprint: () => string): void {
    const old = this.#client;
    this.#client = client;
    this.#fingerprint = fingerprint;
    this.#token = null;
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
