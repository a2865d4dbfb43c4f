/**
 * The file of `TALKME_CONFIG`. Shortens the circuit's pauses to seconds, because two 404s would otherwise stop an account for
 * longer than a run.
 */
export const configFile = `circuit:
  run_to_open: 5
  pause_seconds: 1
  long_pause_seconds: 2
`;
