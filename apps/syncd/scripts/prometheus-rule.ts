const header = `# For the Prometheus Operator: deploy/prometheus/rules.yml as a manifest. Written by \`pnpm kubernetes:rules\`, not by hand.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: syncd
  labels: { app.kubernetes.io/name: syncd, app.kubernetes.io/component: daemon }
spec:
`;

/** The manifest that brings the rules to the Prometheus Operator, as text. */
export function prometheusRule(rules: string): string {
  const lines = rules.slice(rules.indexOf("groups:\n")).split("\n");
  return header + lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n");
}
