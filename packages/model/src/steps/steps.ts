import type { Setting } from "../designs.ts";
import type { State } from "../state.ts";
import { apiSteps } from "./api.ts";
import { databaseSteps } from "./database.ts";
import { failoverSteps } from "./failover.ts";
import { instanceSteps } from "./instance.ts";
import { personSteps } from "./person.ts";
import { processSteps } from "./process.ts";
import type { Step } from "./step.ts";

/** Everything that can happen next. */
export function stepsFrom(state: State, setting: Setting): readonly Step[] {
  return [
    ...databaseSteps(state, setting),
    ...instanceSteps(state, setting),
    ...processSteps(state, setting),
    ...apiSteps(state),
    ...personSteps(state, setting),
    ...failoverSteps(state, setting),
  ];
}
