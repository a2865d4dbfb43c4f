import type { Context } from "hono";
import { z } from "zod";

import { BadInput } from "./refusals.ts";

/** A number of the database: a campaign, a batch, a message. */
export const idText = z.string().regex(/^[1-9]\d{0,17}$/);

/** A reason or note in a person's words. */
export const reasonText = z.string().trim().min(1).max(500);

/** The same, which may be left empty. */
export const noteText = z
  .string()
  .trim()
  .max(500)
  .optional()
  .transform((text) => (text === undefined || text === "" ? null : text));

/**
 * What stands behind the question mark of an address. What a form left empty is absent.
 *
 * @throws {BadInput}
 */
export function readQuery<Schema extends z.ZodType>(context: Context, schema: Schema): z.output<Schema> {
  return check(context.req.query(), schema);
}

/**
 * A form that was sent.
 *
 * @throws {BadInput}
 */
export async function readForm<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  return check(await context.req.parseBody(), schema);
}

/**
 * The number in an address such as `/campanhas/:id`.
 *
 * @throws {BadInput}
 */
export function readId(context: Context): string {
  return check({ id: context.req.param("id") }, z.object({ id: idText })).id;
}

function check<Schema extends z.ZodType>(
  values: Readonly<Record<string, unknown>>,
  schema: Schema,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new BadInput([...new Set(parsed.error.issues.map(({ path }) => String(path[0])))]);
}
