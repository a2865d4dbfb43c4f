import { inspect } from "node:util";

import { InvalidOptionsError, TalkmeClient } from "@talkme/core";
import { describe, expect, it } from "vitest";

import { failureOf, message } from "../transport/failed-call.ts";
import { openAgent } from "../transport/open-agent.ts";
import { respond, startRawServer } from "../transport/raw-server.ts";
import type { RawRequest } from "../transport/raw-server.ts";

const token = "XJ/S83 HAÚ&QORD";
const account = { idCliente: "123", token };
const traces = [token, encodeURIComponent(token), encodeURIComponent(token).toLowerCase(), "S83", "QORD"];

/** Those of the traces that are found in any way of showing a value. */
function tracesIn(value: unknown): readonly string[] {
  const shown = [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    inspect(value, { depth: 20, showHidden: true, customInspect: false }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.message}\n${value.stack}` : "",
  ].join("\n");
  return traces.filter((trace) => shown.includes(trace));
}

const queryOf = ({ head }: RawRequest): string => /\?(\S+)/.exec(head)?.[1] ?? "";

describe("the token", () => {
  it("is nowhere in a client, used or not", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    expect(tracesIn(client)).toEqual([]);
    await client.send(message);
    expect(tracesIn(client)).toEqual([]);
    expect(inspect(client)).toBe(`TalkmeClient { baseUrl: '${server.url}/dbdial_webapi.php' }`);
  });

  it("is nowhere in the error for wrong options", () => {
    for (const wrong of [
      { token: `${token}\n` },
      { timeoutMs: -1 },
      { baseUrl: `https://a:${encodeURIComponent(token)}@h` },
    ]) {
      let thrown: unknown;
      try {
        thrown = new TalkmeClient({ ...account, ...wrong });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(InvalidOptionsError);
      expect(tracesIn(thrown)).toEqual([]);
    }
  });

  it.each<[string, (request: RawRequest) => void]>([
    [
      "is echoed by a refusal",
      (request) => respond(request, `Erro: ${queryOf(request)}`, "HTTP/1.1 400 Bad"),
    ],
    ["is echoed decoded", (request) => respond(request, `Erro: ${decodeURIComponent(queryOf(request))}`)],
    [
      "is echoed as JSON",
      (request) => respond(request, JSON.stringify({ erro: 1, token }).replaceAll("/", String.raw`\/`)),
    ],
    ["is echoed as a web page", (request) => respond(request, `<p>${token.replace("&", "&amp;")}</p>`)],
    [
      "is echoed with a redirect",
      (request) => respond(request, token, `HTTP/1.1 302 Found\r\nlocation: /?${queryOf(request)}`),
    ],
    [
      "is cut off",
      ({ socket }) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\nErro: ${token.slice(0, 9)}`),
    ],
    ["comes back instead of HTTP", ({ socket }) => socket.end(`${token}\r\n\r\n`)],
    [
      "comes back in a header that is too long",
      ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nx: ${encodeURIComponent(token).repeat(2000)}`),
    ],
    ["was sent, and the connection is reset", ({ socket }) => socket.resetAndDestroy()],
    ["was sent, and nothing comes back", () => {}],
  ])("is nowhere in the error when it %s", async (_title, answer) => {
    await using server = await startRawServer(answer);
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, timeoutMs: 200 });
    expect(tracesIn(await failureOf(client.send(message)))).toEqual([]);
  });

  it("is nowhere in an acceptance that echoes it, nor in its reference", async () => {
    await using server = await startRawServer((request) =>
      respond(request, `{"id":"${token}","q":"${queryOf(request)}"}`),
    );
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    expect(tracesIn(await client.send(message))).toEqual([]);
  });

  it("is nowhere in the error when the transport's own error holds it in any property", async () => {
    const agent = openAgent();
    const dispatcher = agent.compose((dispatch) => (options, handler) => {
      return dispatch(options, {
        onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
        onResponseStart: () => {},
        onResponseData: () => {},
        onResponseEnd: () => {},
        onResponseError: (controller, error) => {
          const cause = Object.assign(new Error(token), { options, url: options.path });
          handler.onResponseError?.(
            controller,
            Object.assign(error, { cause, request: options, socket: { token } }),
          );
        },
      });
    });
    const client = new TalkmeClient({ ...account, baseUrl: "http://127.0.0.1:1", dispatcher });
    expect(tracesIn(await failureOf(client.send(message)))).toEqual([]);
  });

  it("is nowhere in the error when the caller's own reason to abort holds it", async () => {
    const client = new TalkmeClient(account);
    const signal = AbortSignal.abort(new Error(`GET /?token=${encodeURIComponent(token)}`));
    expect(tracesIn(await failureOf(client.send(message, { signal })))).toEqual([]);
  });
});
