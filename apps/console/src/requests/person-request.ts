import type { OutboxDatabase } from "@talkme/outbox";
import type { Person } from "@talkme/outbox/console";
import type { Context } from "hono";
import type { Kysely } from "kysely";

import type { Words } from "../language/words.ts";
import type { Html } from "../look/html.ts";

/** A request of somebody who has logged in. */
export interface PersonRequest {
  readonly context: Context;
  /** The request's transaction, with the person's rights and no more. */
  readonly db: Kysely<OutboxDatabase>;
  readonly person: Person;
  readonly words: Words;
}

export interface PageContent {
  readonly title: string;
  readonly body: Html;
  /** 200 unless the page says otherwise. */
  readonly status?: 200 | 404 | 422;
}

/** What an action comes to. */
export type Done =
  /** It is done: the browser is sent to a page, which says so. */
  | { readonly kind: "went"; readonly to: string; readonly said: string | null }
  /** It is done, and shows what no address may hold. */
  | { readonly kind: "shown"; readonly page: PageContent }
  /** It is taken back, because the person has to look again. */
  | { readonly kind: "undone"; readonly page: PageContent };
