import { expect, test } from "vitest";

import { hashPassword, isPassword } from "./password.ts";

test("a password is told from others, however its accents are typed; the same one is never hashed alike", async () => {
  const hash = await hashPassword("ação comprida");
  expect(hash).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword("ação comprida".normalize("NFD"), hash)).toBe(true);
  expect(await isPassword("acao comprida", hash)).toBe(false);
  expect(await hashPassword("ação comprida")).not.toBe(hash);
});

test("no password opens an account that does not exist", async () => {
  expect(await isPassword("", null)).toBe(false);
  expect(await isPassword("anything", null)).toBe(false);
});
