import { readdirSync } from "node:fs";
import { monitorEventLoopDelay, performance as measured } from "node:perf_hooks";

import { Counter, Gauge, type Registry } from "@prometheus-io/client";

import { forget, type Collector } from "../collector.ts";

/** Shorter lags are not seen. */
const lagResolutionMs = 10;

/** The process, under the usual names of Prometheus clients, and its event loop. */
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
    help: "When the process started, as a Unix time by the machine's clock",
    registers,
  });
  const descriptors = new Gauge({
    name: "process_open_fds",
    help: "Open file descriptors: sockets, pipes and files. Linux only",
    registers,
  });
  const heap = new Gauge({
    name: "talkme_heap_used_bytes",
    help: "JavaScript objects including garbage; goes up and down",
    registers,
  });
  const resources = new Gauge({
    name: "talkme_active_resources",
    help: "Sockets, timers and requests that keep the event loop alive; if it only grows, something leaks",
    registers,
  });
  const lagP99 = new Gauge({
    name: "talkme_event_loop_lag_p99_seconds",
    help: "Since the last scrape, 99 % of timers were late by less",
    registers,
  });
  const lagMax = new Gauge({
    name: "talkme_event_loop_lag_max_seconds",
    help: "The longest delay of a timer since the last scrape; seconds mean that the process was paused or busy",
    registers,
  });
  const utilization = new Gauge({
    name: "talkme_event_loop_utilization_ratio",
    help: "Share of the time since the last scrape in which the event loop was busy; near 1 the process is at its limit",
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
      // Both are 0 before the first measurement.
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

/** The histogram contains the whole time between two ticks, not their delay. */
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
