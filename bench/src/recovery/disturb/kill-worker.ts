import type { Disturbance } from "./disturbance.ts";

export const killWorker: Disturbance = {
  name: "worker killed",
  how: "kill -9 with requests on the wire; another process starts a second later",
  strike: async ({ supervisor }) => supervisor.kill(),
};
