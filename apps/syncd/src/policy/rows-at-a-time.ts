/** A round through all lanes may take so long: in the worst case the only row of a lane waits for as much. */
const roundMs = 500;

/** With more at a time, a turn would hardly be cheaper. */
const most = 8;

/**
 * How many rows a turn asks for, at least, of a lane that is known to have them, although there may be more lanes than slots. To ask for
 * another lane costs a turn a third of a row: so it asks for fewer lanes and for more of each, as long as each lane's turn comes soon.
 *
 * @param lanes How many have due rows.
 * @param perSecond How many rows are being sent.
 */
export function rowsAtATime(lanes: number, perSecond: number): number {
  const inARound = (perSecond * roundMs) / 1000;
  return Math.max(1, Math.min(most, Math.floor(inARound / Math.max(1, lanes))));
}
