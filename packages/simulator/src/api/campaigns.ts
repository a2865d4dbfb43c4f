import { contactFields } from "./contact-fields.ts";
import type { Message } from "./message.ts";
import { Refusal } from "./refusal.ts";

/** A campaign that exists in the platform. Once one is configured, every other `id_campanha` is refused. */
export interface CampaignOptions {
  readonly idCampanha: number;
  /** Keys of `info_contato` that its template maps, in canonical spelling. @default none */
  readonly requiredVariables?: readonly string[];
  /** A campaign that is not running refuses contacts. @default true */
  readonly active?: boolean;
}

const fieldNames: ReadonlySet<string> = new Set(contactFields);

export class Campaigns {
  readonly #byId: ReadonlyMap<number, CampaignOptions>;

  /** @throws {RangeError} for a required variable that is not a key of `info_contato`. */
  constructor(campaigns: readonly CampaignOptions[]) {
    for (const { idCampanha, requiredVariables = [] } of campaigns) {
      const unknown = requiredVariables.filter((name) => !fieldNames.has(name));
      if (unknown.length > 0) {
        throw new RangeError(
          `campaign ${idCampanha} requires ${unknown.join(", ")}, which info_contato does not have; ` +
            `it has ${contactFields.join(", ")}`,
        );
      }
    }
    this.#byId = new Map(campaigns.map((campaign) => [campaign.idCampanha, campaign]));
  }

  /** @throws {Refusal} if the message's campaign does not exist, is not active, or lacks a variable. */
  admit(message: Message): void {
    if (message.idCampanha === null || this.#byId.size === 0) return;
    const campaign = this.#byId.get(message.idCampanha);
    if (campaign === undefined) throw new Refusal("unknown-campaign", "no such campaign");
    if (campaign.active === false) throw new Refusal("inactive-campaign", "the campaign is not active");
    for (const name of campaign.requiredVariables ?? []) {
      if (!hasVariable(message, name)) {
        throw new Refusal("missing-variable", `the campaign's template needs info_contato.${name}`);
      }
    }
  }
}

function hasVariable({ infoContato, numeroDest }: Message, name: string): boolean {
  // Documented: the phone number may replace an absent `documento`.
  if (name === "documento" && numeroDest !== null) return true;
  const value = infoContato?.[name];
  return value !== undefined && value.trim() !== "";
}
