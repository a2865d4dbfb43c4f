/** The daemon's metrics that a query reads, by their documented names. */
export function metricsIn(expression: string): readonly string[] {
  const names = expression.matchAll(/\b(?:talkme|process)_[a-z0-9_]+/g);
  return [...names].map(([name]) => name.replace(/_(?:bucket|count|sum)$/, ""));
}
