import { Gauge, type Registry } from "@prometheus-io/client";

import { forget, type Collector } from "../collector.ts";

export interface ListenerState {
  /** False where `TALKME_LISTEN_URL` is off. */
  readonly wanted: boolean;
  readonly listening: boolean;
}

export function listenerCollector(registry: Registry, state: () => ListenerState): Collector {
  const registers = [registry];
  const listening = new Gauge({
    name: "talkme_listening",
    help: "1 while notifications of inserts can arrive, as probed within the last seconds; 0: polling only",
    registers,
  });
  const wanted = new Gauge({
    name: "talkme_listen_wanted",
    help: "1 if notifications should arrive; 0 if TALKME_LISTEN_URL is off",
    registers,
  });
  return {
    name: "listener",
    collect: () => {
      const now = state();
      listening.set(Number(now.listening));
      wanted.set(Number(now.wanted));
    },
    forget: () => forget(listening, wanted),
  };
}
