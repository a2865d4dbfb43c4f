import { readdirSync } from "node:fs";
import { monitorEventLoopDelay, performance as measured } from "node:perf_hooks";

import { Counter, Gauge, type Registry } from "@prometheus-io/client";

import { forget, type Collector } from "../collector.ts";

/** How finely the lag is measured: what is shorter is not seen. */
const lagResolutionMs = 10;

/** The process itself, under the names that every Prometheus client uses, and its event loop. */
export function processCollector(registry: Registry): Collector {
  const registers = [registry];
  const cpu = new Counter({
    name: "process_cpu_seconds_total",
    help: "User and system time of the process",
    registers,
  });
  const resident = new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process",
    registers,
  });
  const started = new Gauge({
    name: "process_start_time_seconds",
    help: "When the process began, as a Unix time of the machine's clock",
    registers,
  });
  const descriptors = new Gauge({
    name: "process_open_fds",
    help: "Open file descriptors: sockets, pipes and files. Linux only",
    registers,
  });
  const heap = new Gauge({
    name: "talkme_heap_used_bytes",
    help: "JavaScript objects, garbage included: it goes up and down",
    registers,
  });
  const resources = new Gauge({
    name: "talkme_active_resources",
    help: "Sockets, timers and requests that keep the event loop going; if it only grows, something leaks",
    registers,
  });
  const lagP99 = new Gauge({
    name: "talkme_event_loop_lag_p99_seconds",
    help: "99 % of timers were late by less than this since the last scrape",
    registers,
  });
  const lagMax = new Gauge({
    name: "talkme_event_loop_lag_max_seconds",
    help: "The latest timer since the last scrape: seconds mean that the process was paused, or computed",
    registers,
  });
  const utilization = new Gauge({
    name: "talkme_event_loop_utilization_ratio",
    help: "Share of the time since the last scrape in which the event loop was busy; near 1, the process is at its limit",
    registers,
  });

  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  delay.enable();
  let busy = measured.eventLoopUtilization();
  let cpuSeconds = 0;
  started.set(performance.timeOrigin / 1000);

  return {
    name: "process",
    collect: () => {
      const { user, system } = process.cpuUsage();
      const nowSeconds = (user + system) / 1e6;
      cpu.inc(Math.max(0, nowSeconds - cpuSeconds));
      cpuSeconds = nowSeconds;
      const { rss, heapUsed } = process.memoryUsage();
      resident.set(rss);
      heap.set(heapUsed);
      descriptors.set(countDescriptors());
      resources.set(process.getActiveResourcesInfo().length);
      // Of nothing measured yet the percentile is 0, and the maximum too.
      lagP99.set(lateSeconds(delay.percentile(99)));
      lagMax.set(lateSeconds(delay.max));
      delay.reset();
      const now = measured.eventLoopUtilization();
      utilization.set(measured.eventLoopUtilization(now, busy).utilization);
      busy = now;
    },
    forget: () => forget(resident, descriptors, heap, resources, lagP99, lagMax, utilization),
  };
}

/** The histogram has the whole time between two ticks of a timer, not by how much they were late. */
function lateSeconds(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - lagResolutionMs / 1000);
}

function countDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return Number.NaN;
  }
}
