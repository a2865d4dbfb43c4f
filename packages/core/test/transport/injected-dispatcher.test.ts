import { TalkmeClient } from "@talkme/core";
import { RetryAgent, interceptors } from "undici";
import type { Dispatcher } from "undici";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { openAgent } from "./open-agent.ts";
import { respond, startRawServer } from "./raw-server.ts";

const untouched: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, handler);

/** A client whose dispatcher does nothing but what it is told. */
function dispatching(dispatch: Dispatcher["dispatch"]): TalkmeClient {
  const dispatcher = openAgent().compose(() => (options, handler) => dispatch(options, handler));
  return new TalkmeClient({ ...account, baseUrl: "http://127.0.0.1:1", dispatcher });
}

describe("an injected dispatcher", () => {
  it("that retries is stopped before the second write, and the outcome is unknown", async () => {
    await using server = await startRawServer(({ socket }) => socket.resetAndDestroy());
    const dispatcher = new RetryAgent(openAgent(), { minTimeout: 1, maxTimeout: 1 });
    const client = new TalkmeClient({ ...account, baseUrl: server.url, dispatcher });
    expect(await failureOf(client.send(message))).toMatchObject({
      outcome: "unknown",
      code: "connection_lost",
    });
    await dispatcher.close();
    expect(server.requests).toHaveLength(1);
  });

  it("that retries after an answer is stopped as well", async () => {
    await using server = await startRawServer((request) => respond(request, "", "HTTP/1.1 500 No"));
    const dispatcher = new RetryAgent(openAgent(), { minTimeout: 1, maxTimeout: 1 });
    const client = new TalkmeClient({ ...account, baseUrl: server.url, dispatcher });
    expect(await failureOf(client.send(message))).toMatchObject({ outcome: "unknown" });
    await dispatcher.close();
    expect(server.requests).toHaveLength(1);
  });

  it("that follows redirects is stopped before it does", async () => {
    await using other = await startRawServer((request) => respond(request, "1"));
    await using server = await startRawServer((request) =>
      respond(request, "", `HTTP/1.1 302 Found\r\nlocation: ${other.url}/`),
    );
    const agent = openAgent();
    const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 3 }));
    const client = new TalkmeClient({ ...account, baseUrl: server.url, dispatcher });
    expect(await failureOf(client.send(message))).toMatchObject({ outcome: "unknown" });
    expect(other.requests).toHaveLength(0);
  });

  it("that is composed still proves that a connection was refused", async () => {
    const server = await startRawServer(() => {});
    await server.close();
    const client = new TalkmeClient({
      ...account,
      baseUrl: server.url,
      dispatcher: openAgent().compose(untouched),
    });
    expect(await failureOf(client.send(message))).toMatchObject({
      outcome: "not_sent",
      code: "connection_refused",
    });
  });

  it("that is composed proves of a call that waits for a connection only that it may have been sent", async () => {
    await using server = await startRawServer(() => {});
    const dispatcher = openAgent({ connections: 1 }).compose(untouched);
    const client = new TalkmeClient({ ...account, baseUrl: server.url, dispatcher, timeoutMs: 30 });
    const calls = await Promise.all([failureOf(client.send(message)), failureOf(client.send(message))]);
    for (const error of calls) expect(error).toMatchObject({ outcome: "unknown", code: "timeout" });
  });

  it("that throws, ends an answer that never began or answers without starting is survived", async () => {
    const throwing = dispatching(() => {
      throw new TypeError("broken");
    });
    expect(await failureOf(throwing.send(message))).toMatchObject({
      outcome: "unknown",
      code: "connection_lost",
    });
    const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} };
    const ending = dispatching((_options, handler) => {
      handler.onResponseEnd?.(controller, {});
      return true;
    });
    expect(await failureOf(ending.send(message))).toMatchObject({ outcome: "unknown" });
    const answering = dispatching((_options, handler) => {
      handler.onResponseStart?.(controller, 200, {});
      handler.onResponseData?.(controller, Buffer.from("1"));
      handler.onResponseEnd?.(controller, {});
      return true;
    });
    expect(await answering.send(message)).toMatchObject({ outcome: "accepted" });
  });
});
