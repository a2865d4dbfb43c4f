import { cost } from "./cost.ts";
import { drain } from "./drain.ts";
import { durability } from "./durability.ts";
import { heldSnapshot } from "./held-snapshot.ts";
import { history } from "./history.ts";
import { lateInTheBacklog } from "./late-in-the-backlog.ts";
import { manyLanes } from "./many-lanes.ts";
import { memory } from "./memory.ts";
import { noisyNeighbour } from "./noisy-neighbour.ts";
import { pickup } from "./pickup.ts";
import { producers } from "./producers.ts";
import { replicas } from "./replicas.ts";
import { turn } from "./turn.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [
  drain,
  pickup,
  heldSnapshot,
  lateInTheBacklog,
  history,
  noisyNeighbour,
  manyLanes,
  replicas,
  cost,
  turn,
  memory,
  producers,
  durability,
];
