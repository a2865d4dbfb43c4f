import { say } from "../text.ts";

export const severities = {
  ok: say("ok", "ok"),
  warning: say("warning", "aviso"),
  problem: say("problem", "problema"),
};

export const verdict = {
  works: say("syncd run would work.", "syncd run funcionaria."),
  fails: say("syncd run would not work.", "syncd run não funcionaria."),
  warnings: (count: number) => say(`Warnings: ${count}.`, `Avisos: ${count}.`),
};
