import { readFileSync, writeFileSync } from "node:fs";

import { everyMetric, withMetricsTable } from "./metrics-page.ts";

const page = new URL("../../../docs/metrics.md", import.meta.url);
writeFileSync(page, withMetricsTable(readFileSync(page, "utf8"), everyMetric()));
