import { expect, onTestFinished } from "vitest";

import { runHere } from "./run-here.ts";
import type { Stage } from "./stage.ts";
import type { Finished } from "./syncd.ts";

interface Finding {
  readonly subject: string;
  readonly severity: "ok" | "warning" | "problem";
  readonly detail: string;
  readonly remedy?: string;
}

export interface Report {
  readonly code: unknown;
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

type Environment = Readonly<Record<string, string>>;

/** Runs `syncd check --json` in this process: its findings do not depend on a separate one. */
export async function check(environment: Environment, args: readonly string[] = []): Promise<Report> {
  return reportOf(await runHere(["check", "--json", ...args], environment));
}

/** What `check --json` has printed. */
export function reportOf({ code, out, err }: Finished): Report {
  if (!out.startsWith("{")) throw new Error(`check printed no report: ${out}${err}`);
  return { code, ...JSON.parse(out) };
}

/** A finding with a detail and a remedy that contain these words. */
export function found(
  subject: string,
  severity: Finding["severity"],
  detail: string,
  remedy: string,
): unknown {
  return {
    subject,
    severity,
    detail: expect.stringContaining(detail),
    remedy: expect.stringContaining(remedy),
  };
}

/** The details of what is well. */
export function fine({ findings }: Report, subject: string): readonly string[] {
  return findings
    .filter((one) => one.subject === subject && one.severity === "ok")
    .map(({ detail }) => detail);
}

/** Creates a role with the daemon's privileges, changed by `sql`; returns the URL with which it connects. */
export async function connectAs(stage: Stage, role: string, ...sql: readonly string[]): Promise<string> {
  await stage.sql(`drop role if exists ${role}`);
  await stage.sql(`create role ${role} login password '${role}'`);
  onTestFinished(async () => {
    await stage.sql(`drop owned by ${role}`);
    await stage.sql(`drop role ${role}`);
  });
  await stage.sql(`grant usage on schema talkme to ${role}`);
  await stage.sql(`grant select, insert, update, delete on all tables in schema talkme to ${role}`);
  for (const statement of sql) await stage.sql(statement);
  const url = new URL(stage.databaseUrl);
  url.username = role;
  url.password = role;
  return url.href;
}
