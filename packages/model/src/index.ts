export { designNames, designs, settingOf, type Design, type DesignName, type Setting } from "./designs.ts";
export { mutations, type Mutation } from "./protections/mutations.ts";
export { protectionNames, protections, type Protection } from "./protections/protections.ts";
export {
  awaitsAnswer,
  broughtBack,
  claimed,
  reclaimed,
  rescued,
  resolved,
  sendsAgain,
  settled,
} from "./rules/row-rules.ts";
export { isInModel } from "./replay/follow-story.ts";
export { storyKey, type Story } from "./replay/story.ts";
export { databaseWalks, isStatement } from "./search/database-walks.ts";
export { type TraceStep } from "./search/explore.ts";
export { type InstanceId, type State } from "./state.ts";
export { settlementOf } from "./steps/settlement.ts";
export { stepsOf, type StepKind } from "./steps/step-kinds.ts";
export { type Step } from "./steps/step.ts";
