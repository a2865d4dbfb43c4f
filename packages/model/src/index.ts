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
  type ClaimName,
  type Marks,
} from "./rules/row-rules.ts";
