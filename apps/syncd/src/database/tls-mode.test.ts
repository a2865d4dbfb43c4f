import { expect, onTestFinished, test, vi } from "vitest";

import { tlsMode } from "./tls-mode.ts";

test.each([
  ["postgresql://db.example/app", "none"],
  ["postgresql://db.example/app?sslmode=disable", "none"],
  ["postgresql://127.0.0.1/app", "local"],
  ["postgresql://localhost/app?sslmode=disable", "local"],
  ["postgresql://user@/app?host=/run/postgresql", "local"],
  ["postgresql://db.example/app?sslmode=no-verify", "unverified"],
  ["postgresql://db.example/app?sslmode=require&uselibpqcompat=true", "unverified"],
  ["postgresql://db.example/app?sslmode=require", "verified"],
  ["postgresql://db.example/app?sslmode=verify-full", "verified"],
  ["postgresql://db.example/app?ssl=true", "verified"],
])("%s is %s", (url, mode) => {
  expect(tlsMode(url)).toBe(mode);
});

test("the environment decides where the URL says nothing", () => {
  vi.stubEnv("PGSSLMODE", "no-verify");
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(tlsMode("postgresql://db.example/app")).toBe("unverified");
  expect(tlsMode("postgresql://db.example/app?sslmode=disable")).toBe("none");
});
