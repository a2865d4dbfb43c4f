import { readFile } from "node:fs/promises";

interface Target {
  readonly refId: string;
  readonly expr: string;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly Target[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

export interface PanelQuery {
  readonly panel: string;
  /** As written in the file. */
  readonly source: string;
  /** As Grafana would send it, with everything selected. */
  readonly expression: string;
}

/** With a scrape each second, Grafana's interval is at least four seconds. */
const rateInterval = "8s";

const file = new URL("../../../../deploy/grafana/provisioning/dashboards/syncd.json", import.meta.url);

export async function readDashboard(): Promise<Dashboard> {
  return JSON.parse(await readFile(file, "utf8"));
}

/** Every query of every panel. */
export function queriesOf({ panels, templating }: Dashboard): readonly PanelQuery[] {
  const variables = templating.list.map(({ name }) => name);
  const expand = (expr: string): string => {
    const filled = expr.replaceAll("$__rate_interval", rateInterval);
    return variables.reduce((text, name) => text.replaceAll(`$${name}`, ".*"), filled);
  };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => ({
      panel: `${title} (${refId})`,
      source: expr,
      expression: expand(expr),
    })),
  );
}
