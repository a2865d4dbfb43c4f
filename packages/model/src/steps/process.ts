import { withClaims, withInstance, withoutName } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { instanceIds, type InstanceId, type State } from "../state.ts";
import { makeLate } from "./instance.ts";
import { step, type Step } from "./step.ts";

/** What is done to processes: they stand still, wake up, are killed and started again. */
export function processSteps(state: State, setting: Setting): readonly Step[] {
  return instanceIds.flatMap((instance) => {
    const { life } = state.instances[instance];
    const about = { instance };
    const lives = (next: State, became: typeof life): State => withInstance(next, instance, { life: became });
    switch (life) {
      case "running":
        return faults(state, instance);
      case "paused":
        return [
          step("wake", lives(state, "running"), about),
          step(
            "lease passes",
            lives(
              makeLate(state, setting, (claim) => claim.by === instance),
              "overdue",
            ),
            about,
          ),
        ];
      case "overdue":
        return [step("wake", lives(state, "running"), about)];
      case "dead":
        return [step("restart", restarted(state, setting, instance), about)];
    }
  });
}

function faults(state: State, instance: InstanceId): readonly Step[] {
  if (state.faultsLeft === 0) return [];
  const faulty = { ...state, faultsLeft: state.faultsLeft - 1 };
  return [
    step("pause", withInstance(faulty, instance, { life: "paused" }), { instance }),
    step("crash", crashed(faulty, instance), { instance }),
  ];
}

/** What it knew is gone; requests that have left go on. */
function crashed(state: State, instance: InstanceId): State {
  const forgotten = withClaims(withoutName(state, instance), (claim) =>
    claim.by === instance
      ? { memory: "none", isNamed: false, wire: claim.wire === "out" ? "out" : "none" }
      : null,
  );
  return withInstance(forgotten, instance, {
    life: "dead",
    link: "broken",
    mustReclaim: false,
    lateStatement: "none",
    isWitness: true,
  });
}

function restarted(state: State, { durability }: Setting, instance: InstanceId): State {
  return withInstance(state, instance, {
    life: "running",
    link: "primary",
    // Elsewhere nobody asks.
    isWitness: state.change === "none" || durability === "local",
  });
}
