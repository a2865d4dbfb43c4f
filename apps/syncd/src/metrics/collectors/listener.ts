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
    help: "1 while notifications of inserts can arrive: it was tried within the last seconds. 0 means polling only",
    registers,
  });
  const wanted = new Gauge({
    name: "talkme_listen_wanted",
    help: "1 where notifications should arrive; 0 where TALKME_LISTEN_URL is off",
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
