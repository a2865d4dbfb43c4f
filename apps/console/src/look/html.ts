import { html } from "hono/html";

/** A part of a page. What is put into `html` is escaped unless it came from `html` itself. */
export type Html = ReturnType<typeof html>;

export { html };
