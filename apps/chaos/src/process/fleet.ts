import { InstanceSlot } from "./instance-slot.ts";
import type { ProcessHistory } from "./process-history.ts";
import type { ProcessWatch } from "./process-watch.ts";

export interface FleetParts {
  readonly instances: number;
  /** The variables of each. */
  readonly settingsOf: (instance: number) => Readonly<Record<string, string>>;
  readonly watch: ProcessWatch;
}

/** All instances, and the history of every process. */
export class Fleet implements AsyncDisposable {
  readonly #slots: readonly InstanceSlot[];
  readonly #histories: ProcessHistory[] = [];

  private constructor(parts: FleetParts) {
    this.#slots = Array.from(
      { length: parts.instances },
      (_, instance) =>
        new InstanceSlot({
          settings: parts.settingsOf(instance),
          onStart: (history) => this.#histories.push(history),
          watch: parts.watch,
        }),
    );
  }

  /** Starts all instances and waits until each sends. @throws if one ends first, with its last lines. */
  static async start(parts: FleetParts): Promise<Fleet> {
    const fleet = new Fleet(parts);
    try {
      await Promise.all(fleet.#slots.map((slot) => slot.started()));
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  get histories(): readonly ProcessHistory[] {
    return this.#histories;
  }

  slot(instance: number): InstanceSlot {
    const slot = this.#slots[instance];
    if (slot === undefined) throw new RangeError(`There is no instance ${instance}.`);
    return slot;
  }

  /** Waits until every instance sends again. */
  async ready(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.ready()));
  }

  /** Stops all instances cleanly, for good. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.abandon()));
  }
}
