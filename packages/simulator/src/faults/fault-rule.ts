import { z } from "zod";
import { faultSchema } from "./fault.ts";

const count = z.int().min(1);
const identifier = z.int().min(1);
const digits = z.string().regex(/^\d+$/, "must be a string of digits");

function oneOrMore<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.array(schema).min(1)]);
}

const matchSchema = z.strictObject({
  acao: oneOrMore(z.string()).optional(),
  idCliente: oneOrMore(z.string()).optional(),
  numero: oneOrMore(digits).optional(),
  numeroEndsWith: oneOrMore(digits).optional(),
  email: oneOrMore(z.string()).optional(),
  idCampanha: oneOrMore(identifier).optional(),
  idWpp: oneOrMore(identifier).optional(),
  nth: oneOrMore(count).optional(),
  every: count.optional(),
  firstPerRecipient: count.optional(),
  probability: z.number().min(0).max(1).optional(),
  first: count.optional(),
});

export const faultRuleSchema = z
  .strictObject({ name: z.string().min(1).optional(), match: matchSchema.default({}), do: faultSchema })
  .refine(({ match, do: fault }) => !(isUnreadDrop(fault) && matchesMessage(match)), {
    path: ["match"],
    error:
      "a drop with when: unread strikes before the message is known: it can match on acao, idCliente, nth, every, " +
      "probability and first",
  });

/**
 * A fault and its conditions. Rules are tried in order; latencies add up, and the first other rule that matches answers.
 *
 * All conditions of `match` must hold. They are checked in this order: the request's values (`acao` to `idWpp`; a list
 * means any of them; numbers compare without 55), `nth` (the request's number since the start or the last reset), `every`
 * (each n-th request that passed the conditions before), `firstPerRecipient` (a recipient's first k of those),
 * `probability` (drawn from the seed), `first` (at most k times in all).
 */
export type FaultRule = z.input<typeof faultRuleSchema>;

/** A rule with its defaults filled in. */
export type ResolvedFaultRule = z.output<typeof faultRuleSchema>;

export type FaultMatch = ResolvedFaultRule["match"];

function isUnreadDrop(fault: z.output<typeof faultSchema>): boolean {
  return fault.kind === "drop" && fault.when === "unread";
}

function matchesMessage(match: z.output<typeof matchSchema>): boolean {
  return [
    match.numero,
    match.numeroEndsWith,
    match.email,
    match.idCampanha,
    match.idWpp,
    match.firstPerRecipient,
  ].some((condition) => condition !== undefined);
}
