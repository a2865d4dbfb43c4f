/** The longest that one round through all lanes may take, and so the longest wait of a lane's only row. */
const roundMs = 500;

/** More would hardly make a turn cheaper. */
const most = 8;

/**
 * The least number of rows that a turn asks for of a lane known to have them, even with more lanes than slots. Each
 * further lane costs a turn a third of a row, so it asks for fewer lanes and more of each, as long as every lane is asked
 * soon.
 *
 * @param lanes The number of lanes with due rows.
 * @param perSecond The rate at which rows are sent.
 */
export function rowsAtATime(lanes: number, perSecond: number): number {
  const inARound = (perSecond * roundMs) / 1000;
  return Math.max(1, Math.min(most, Math.floor(inARound / Math.max(1, lanes))));
}
