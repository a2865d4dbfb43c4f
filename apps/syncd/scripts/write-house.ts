import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { rooms as order } from "../../../oxlint.config.ts";
import { roomsWithoutPurpose, withHouse } from "./house-page.ts";
import { arrowsUp, circlesOf, readRooms, readWorkspaces } from "./house.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const workspaces = readWorkspaces(root);
const rooms = readRooms(fileURLToPath(new URL("../src/", import.meta.url)));

const circles = [...circlesOf(workspaces), ...circlesOf(rooms)];
const up = arrowsUp(rooms, order);
const nameless = roomsWithoutPurpose(rooms);
process.stdout.write(`circles: ${list(circles)}\narrows up: ${list(up)}\n`);

if (circles.length > 0 || up.length > 0 || nameless.length > 0) {
  if (nameless.length > 0)
    process.stderr.write(
      `Say in apps/syncd/scripts/house-page.ts what these rooms hold: ${list(nameless)}\n`,
    );
  process.exitCode = 1;
} else {
  const page = new URL("../../../docs/architecture.md", import.meta.url);
  writeFileSync(page, withHouse(readFileSync(page, "utf8"), workspaces, rooms, order));
}

function list(found: readonly string[]): string {
  return found.length === 0 ? "none" : found.join(", ");
}
