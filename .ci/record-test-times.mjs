/**
 * Writes `.ci/test-times.json`: how many tests there are, how long a run of them takes, and each file of it. `pnpm test`
 * announces the first two, and begins with the longest files.
 *
 * Reads the reports that are named, which together are one run of every test: `test-report.json` of `CI=true pnpm test`
 * where none is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** What is shorter may run at any time. */
const shortestSeconds = 1;

const [, , ...named] = process.argv;
const reports = (named.length > 0 ? named : ["test-report.json"]).map((file) =>
  JSON.parse(readFileSync(file, "utf8")),
);
const results = reports.flatMap(({ testResults }) => testResults);

const seconds = reports.reduce((sum, { startTime, testResults }) => {
  const endTime = Math.max(...testResults.map((file) => file.endTime));
  return sum + (endTime - startTime) / 1000;
}, 0);
const files = results
  .map(({ name, startTime, endTime }) => [
    name.replace(/^.*?\/(?=(?:apps|bench|packages)\/)/, ""),
    Math.round((endTime - startTime) / 1000),
  ])
  .filter(([, took]) => took >= shortestSeconds)
  .toSorted(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));

const times = {
  tests: reports.reduce((sum, { numTotalTests }) => sum + numTotalTests, 0),
  seconds: Math.round(seconds),
  processors: availableParallelism(),
  fileCount: results.length,
  files: Object.fromEntries(files),
};
writeFileSync(new URL("test-times.json", import.meta.url), `${JSON.stringify(times, null, 2)}\n`);
process.stdout.write(`${times.tests} tests, ${times.seconds} seconds on ${times.processors} processors\n`);
