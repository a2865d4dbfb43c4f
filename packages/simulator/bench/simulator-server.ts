/** The simulator as benchmarks use it: nothing kept, no faults. */
import { startSimulator } from "../src/index.ts";

const simulator = await startSimulator({ keepLedger: false });
process.send?.(simulator.port);
