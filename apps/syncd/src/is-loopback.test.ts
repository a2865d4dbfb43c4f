import { expect, test } from "vitest";

import { isLoopback } from "./is-loopback.ts";

test.each(["localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]"])("%s is this machine", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(["127.example.com", "127.0.0.1.example.com", "0.0.0.0", "::", "10.0.0.1", "localhost.example"])(
  "%s is not",
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
