import type { AsyncCommand } from "fast-check";

import { expectSame } from "./compare.ts";
import type { Model } from "./model.ts";
import { perform } from "./perform.ts";
import type { RealOutbox } from "./real-outbox.ts";
import type { Step } from "./step.ts";

/** A step for fast-check: predicts, runs, and compares with the whole table. */
export class StepCommand implements AsyncCommand<Model, RealOutbox> {
  readonly step: Step;

  constructor(step: Step) {
    this.step = step;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: RealOutbox): Promise<void> {
    model.order += 1;
    await perform(this.step, model, real);
    await expectSame(model, real);
  }

  toString(): string {
    const { do: what, ...details } = this.step;
    return `${what} ${JSON.stringify(details)}`;
  }
}
