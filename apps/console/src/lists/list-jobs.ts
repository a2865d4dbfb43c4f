import {
  addLines,
  checkList,
  dropList,
  endList,
  mapList,
  sendList,
  type ListMessage,
} from "@talkme/outbox/console";

import { databaseFault } from "../database/database-error.ts";
import { ListFileFault } from "../list-file/list-file-fault.ts";
import { readLines, type ListFileForm, type ListFileLine } from "../list-file/read-list-file.ts";
import type { PersonStep } from "../requests/person-steps.ts";
import type { Upload } from "./receive-upload.ts";

const linesAtOnce = 1000;
/** How long a job that failed says why, to whoever comes back. */
const rememberMs = 3_600_000;

/** What is going on with a list. */
export type ListJob =
  | { readonly kind: "reading"; readonly lines: number; readonly share: number }
  | { readonly kind: "checking" }
  | { readonly kind: "sending" }
  | { readonly kind: "failed"; readonly why: ListFileFault | { readonly message: string } | null };

/**
 * Work on lists that outlives the request that began it: whoever closes the tab finds it again. One job at a time for each list.
 * What the process does not end when it stops is not done: an incomplete list is never sent.
 */
export class ListJobs {
  readonly #jobs = new Map<string, ListJob>();
  readonly #work = new Set<Promise<void>>();
  #isStopping = false;

  of(id: string): ListJob | null {
    return this.#jobs.get(id) ?? null;
  }

  /** Reads the lines of a file into a list that has begun, and removes the file. */
  read(id: string, upload: Upload, form: ListFileForm, step: PersonStep): void {
    this.#start(id, { kind: "reading", lines: 0, share: 0 }, async () => {
      try {
        let batch: ListFileLine[] = [];
        let lines = 0;
        const add = async (): Promise<void> => {
          if (this.#isStopping) throw new Error("The console stops.");
          await step((db) => addLines(db, id, batch));
          lines += batch.length;
          batch = [];
        };
        for await (const { share, ...line } of readLines(upload.path, form, upload.bytes)) {
          batch.push(line);
          if (batch.length < linesAtOnce) continue;
          await add();
          this.#jobs.set(id, { kind: "reading", lines, share });
        }
        if (batch.length > 0) await add();
        await step((db) => endList(db, id));
      } catch (error) {
        await step((db) => dropList(db, id)).catch(() => "It goes with the others after 30 days.");
        throw error;
      } finally {
        await upload.remove();
      }
    });
  }

  /** Says how the lines become messages, if that is new, and checks all of them. */
  check(id: string, message: ListMessage | null, step: PersonStep): void {
    this.#start(id, { kind: "checking" }, () =>
      step(async (db) => {
        if (message !== null) await mapList(db, id, message);
        await checkList(db, id);
      }),
    );
  }

  /** Puts the list into the outbox. */
  send(
    id: string,
    confirmed: { readonly confirmed: number; readonly name: string; readonly again: boolean },
    step: PersonStep,
  ): void {
    this.#start(id, { kind: "sending" }, async () => {
      await step((db) => sendList(db, id, confirmed));
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#work);
  }

  #start(id: string, job: ListJob, work: () => Promise<void>): void {
    const current = this.#jobs.get(id);
    if (current !== undefined && current.kind !== "failed") return;
    this.#jobs.set(id, job);
    const running = work()
      .then(
        () => void this.#jobs.delete(id),
        (error: unknown) => this.#fail(id, error),
      )
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  #fail(id: string, error: unknown): void {
    const failed: ListJob = { kind: "failed", why: reasonOf(error) };
    this.#jobs.set(id, failed);
    setTimeout(() => {
      if (this.#jobs.get(id) === failed) this.#jobs.delete(id);
    }, rememberMs).unref();
  }
}

/** What may be said of it: the database's own refusals are for people, and nothing else is. */
function reasonOf(error: unknown): ListFileFault | { readonly message: string } | null {
  if (error instanceof ListFileFault) return error;
  const fault = error instanceof Error ? databaseFault(error) : null;
  return fault?.kind === "refused"
    ? { message: [fault.message, fault.hint].filter(Boolean).join(". ") }
    : null;
}
