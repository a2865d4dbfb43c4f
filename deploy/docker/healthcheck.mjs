// node healthcheck.mjs [/livez | /readyz]: asks the daemon or the console in this container; exits with 0 or 1, with its answer on stdout.
//
// Not part of syncd's command line: Docker starts it every 10 s, and it takes a seventh of the processor time (80 ms
// instead of 600 ms for loading all of syncd, measured on a slow machine).
import { readFileSync } from "node:fs";
import { get } from "node:http";

const path = process.argv[2] ?? "/livez";
const timeoutMs = 4000;

/** A setting as syncd reads it: `NAME`, or the file that `NAME_FILE` names. */
function setting(name, fallback) {
  const file = process.env[`${name}_FILE`];
  const value = file ? readFileSync(file, "utf8").replace(/\r?\n$/, "") : process.env[name];
  return value || fallback;
}

function end(text, healthy) {
  process.stdout.write(`${text}\n`);
  process.exit(healthy ? 0 : 1);
}

const anyAddress = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);
// Only a container of the console knows the URL of its database.
const isConsole = setting("TALKME_CONSOLE_DATABASE_URL", "") !== "";
const prefix = isConsole ? "TALKME_CONSOLE_HTTP" : "TALKME_HTTP";
const host = setting(`${prefix}_HOST`, "127.0.0.1");
const port = setting(`${prefix}_PORT`, isConsole ? "9465" : "9464");
if (port === "0") end(`${prefix}_PORT is 0, so only the log names the port.`, false);

setTimeout(() => end(`no answer within ${timeoutMs} ms`, false), timeoutMs);
get({ host: anyAddress.get(host) ?? host, port, path, agent: false }, (response) => {
  let body = "";
  response.setEncoding("utf8").on("data", (chunk) => {
    body += chunk;
  });
  response.on("end", () => end(`${path} ${response.statusCode} ${body}`, response.statusCode === 200));
}).on("error", (error) => end(`${path} cannot be reached: ${error.message}`, false));
