import { Gauge, type Registry } from "@prometheus-io/client";
import type { InstanceCounts } from "@talkme/outbox/daemon";

import { forget, type Collector } from "../collector.ts";

/** The registered instances; every instance reports the same. */
export function instancesCollector(registry: Registry, read: () => Promise<InstanceCounts>): Collector {
  const instances = new Gauge({
    name: "talkme_instances",
    help: "Registered instances. state: alive, or silent for longer than the lease and not yet declared dead",
    labelNames: ["state"],
    registers: [registry],
  });
  return {
    name: "instances",
    collect: async () => {
      const { alive, silent } = await read();
      instances.set({ state: "alive" }, alive);
      instances.set({ state: "silent" }, silent);
    },
    forget: () => forget(instances),
  };
}
