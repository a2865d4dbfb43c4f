import { cost } from "./cost.ts";
import { drain } from "./drain.ts";
import { oldSnapshot } from "./old-snapshot.ts";
import { durability } from "./durability.ts";
import { history } from "./history.ts";
import { lateInTheBacklog } from "./late-in-the-backlog.ts";
import { manyLanes } from "./many-lanes.ts";
import { memory } from "./memory.ts";
import { noisyNeighbour } from "./noisy-neighbour.ts";
import { pickup } from "./pickup.ts";
import { producers } from "./producers.ts";
import { recovery } from "./recovery.ts";
import { replicas } from "./replicas.ts";
import { turn } from "./turn.ts";
import { untriedLanes } from "./untried-lanes.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [
  drain,
  pickup,
  oldSnapshot,
  lateInTheBacklog,
  history,
  noisyNeighbour,
  manyLanes,
  untriedLanes,
  replicas,
  cost,
  turn,
  memory,
  producers,
  recovery,
  durability,
];
