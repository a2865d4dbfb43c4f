import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { rooms as order } from "../../../oxlint.config.ts";
import { roomsWithoutPurpose, withHouse } from "./house-page.ts";
import { arrowsOf, arrowsUp, circlesOf, readRooms, readWorkspaces, type Part } from "./house.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const workspaces = readWorkspaces(root);
const rooms = readRooms(fileURLToPath(new URL("../src/", import.meta.url)));
const part = (name: string, ...imports: readonly string[]): Part => ({ name, lines: 1, imports });

test("a circle is found with its members, however long it is", () => {
  expect(circlesOf([part("a", "b"), part("b", "c"), part("c", "b")])).toEqual(["b -> c -> b"]);
  expect(circlesOf([part("a", "b"), part("b", "c"), part("c", "a")])).toEqual(["a -> b -> c -> a"]);
  expect(circlesOf([part("a", "b", "c"), part("b", "c"), part("c")])).toEqual([]);
});

test("an import from a later room is an arrow up, and a room without a place is named", () => {
  const parts = [part("policy", "turn"), part("turn", "policy"), part("attic"), part("main.ts", "turn")];
  expect(arrowsUp(parts, ["policy", "turn"])).toEqual([
    "policy -> turn",
    "attic is not in the order of rooms",
  ]);
});

test("the picture leaves out an arrow that others imply", () => {
  expect(arrowsOf([part("a", "b", "c"), part("b", "c"), part("c")])).toEqual([
    ["a", "b"],
    ["b", "c"],
  ]);
});

test("the imports are read: the daemon needs its client, its table, and every room but none twice", () => {
  expect(workspaces.find(({ name }) => name === "apps/syncd")?.imports).toEqual([
    "packages/core",
    "packages/outbox",
  ]);
  expect(rooms.find(({ name }) => name === "main.ts")?.imports).toEqual(
    expect.arrayContaining(["turn", "version.ts"]),
  );
  expect(rooms.map(({ name }) => name)).toEqual(expect.arrayContaining([...order]));
});

test("no circle and no arrow up in the house", () => {
  expect([...circlesOf(workspaces), ...circlesOf(rooms), ...arrowsUp(rooms, order)]).toEqual([]);
  expect(roomsWithoutPurpose(rooms)).toEqual([]);
});

test("no room holds more than a sixth of the daemon", () => {
  const all = rooms.reduce((lines, room) => lines + room.lines, 0);
  expect(rooms.filter(({ lines }) => lines > all / 6).map(({ name }) => name)).toEqual([]);
});

test("docs/architecture.md shows the house as it is (if not: pnpm docs:house)", () => {
  const page = readFileSync(new URL("../../../docs/architecture.md", import.meta.url), "utf8");
  expect(withHouse(page, workspaces, rooms, order)).toBe(page);
});
