// The limit: the same requests without a database. Arguments: the API's URL, concurrency, count.
import { bodyFor } from "../message.ts";
import { Poster } from "./post.ts";

const [apiUrl = "", concurrency = "", count = ""] = process.argv.slice(2);
const poster = new Poster(apiUrl, Number(concurrency));

let left = Number(count);
async function send(): Promise<void> {
  while (left > 0) {
    left -= 1;
    await poster.post(bodyFor(1));
  }
}

process.stdout.write("ready\n");
await Promise.all(Array.from({ length: Number(concurrency) }, send));
process.stdout.write(`cpu ${JSON.stringify(process.cpuUsage())}\n`);
process.exit(0);
