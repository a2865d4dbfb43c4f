import { expect, test } from "vitest";

import { findWindowFault } from "../src/config/sending-window.ts";
import { Stage } from "./support/stage.ts";

const days = [
  "mon",
  "fri",
  "sun",
  "sab",
  "seg-sex",
  "fri-mon",
  "Mon - Fri",
  "mon-",
  "fry",
  "mon-fry",
  "",
  "mon fri",
];
const hours = [
  "9-19",
  "9:00-19:00",
  "09:30 - 18:05",
  "0-24",
  "0:00-24:00",
  "0-24:01",
  "19-9",
  "9-9",
  "9:60-19",
  "9:5-19",
  "25-26",
  "9",
  "-",
  "",
];
const lists = [
  "mon 9-12,",
  ",",
  "",
  " ",
  "mon 9-12, tue 13-18",
  "mon 9-12; tue 13-18",
  "MON 9-12 ,\tTUE 13-18",
  "mon 9-12, tue",
];

test("the file and the database accept the same sending windows", async () => {
  const stage = await Stage.open();
  const texts = [...days.flatMap((day) => hours.map((hour) => `${day} ${hour}`)), ...lists];
  await stage.sql(`
    create function pg_temp.takes(sending_window text) returns boolean language plpgsql as $$
    begin
      return talkme.parse_sending_window(sending_window) <> '{}';
    exception when invalid_parameter_value then
      return false;
    end $$`);
  const list = texts.map((text) => `('${text}')`).join(", ");
  const rows = await stage.sql(`select text, pg_temp.takes(text) as taken from (values ${list}) as t (text)`);

  expect(rows.filter(({ taken }) => taken === true).length).toBeGreaterThan(20);
  expect(rows.filter(({ taken }) => taken === false).length).toBeGreaterThan(100);
  for (const { text, taken } of rows) {
    expect(findWindowFault(String(text)) === null, `"${String(text)}"`).toBe(taken);
  }
});
