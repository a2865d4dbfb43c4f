import { InvalidArgumentError } from "commander";
import { z } from "zod";
import type { CampaignOptions } from "../api/campaigns.ts";
import { contactFields } from "../api/contact-fields.ts";

const variablesSchema = z.array(z.enum(contactFields));

/**
 * Reads `123` or `123:nome,geral1` and appends it to the campaigns given so far.
 *
 * @throws {InvalidArgumentError} for anything else.
 */
export function addCampaign(argument: string, campaigns: readonly CampaignOptions[] = []): CampaignOptions[] {
  const [, id, names] = /^([1-9]\d{0,14})(?::(.+))?$/.exec(argument) ?? [];
  if (id === undefined) throw new InvalidArgumentError("Write ID or ID:variable,variable.");
  const variables = variablesSchema.safeParse(names?.split(",") ?? []);
  if (!variables.success) {
    throw new InvalidArgumentError(`The variables are ${contactFields.join(", ")}.`);
  }
  return [...campaigns, { idCampanha: Number(id), requiredVariables: variables.data }];
}
