import { readFileSync, writeFileSync } from "node:fs";

import { prometheusRule } from "./prometheus-rule.ts";

const deploy = new URL("../../../deploy/", import.meta.url);
const rules = readFileSync(new URL("prometheus/rules.yml", deploy), "utf8");
writeFileSync(new URL("kubernetes/prometheus-rule.yaml", deploy), prometheusRule(rules));
