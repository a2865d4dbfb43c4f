/**
 * The file of `TALKME_CONFIG`. The circuit's pauses are seconds at most: with the defaults, two answers 404 in a row
 * keep an account from sending for longer than a run lasts.
 */
export const configFile = `circuit:
  run_to_open: 5
  pause_seconds: 1
  long_pause_seconds: 2
`;
