export { cloneDatabase, emptyDatabase } from "./clone-database.ts";
