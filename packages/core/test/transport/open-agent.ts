import { Agent } from "undici";
import { onTestFinished } from "vitest";

/** An undici agent that is destroyed when the test ends. */
export function openAgent(options: Agent.Options = {}): Agent {
  const agent = new Agent(options);
  onTestFinished(() => agent.destroy());
  return agent;
}
