import type { Setting } from "../designs.ts";
import { initialState, type State } from "../state.ts";
import type { StepKind } from "../steps/step-kinds.ts";
import type { Step } from "../steps/step.ts";
import { stepsFrom } from "../steps/steps.ts";
import { IntList } from "./int-list.ts";
import { isEnd, violated, type InvariantName } from "./invariants.ts";
import { keyOf } from "./pack.ts";
import { firstStuck } from "./reach-ends.ts";
import { tidy } from "./tidy.ts";

interface Violation {
  readonly invariant: InvariantName;
  /** The shortest way to it. */
  readonly trace: readonly TraceStep[];
}

export interface TraceStep {
  readonly before: State;
  readonly step: Step;
  readonly after: State;
}

export interface Exploration {
  readonly states: number;
  readonly edges: number;
  /** Steps from the first state to the farthest. */
  readonly depth: number;
  readonly ends: number;
  readonly seconds: number;
  /** How many edges of each kind there are. */
  readonly kinds: ReadonlyMap<StepKind, number>;
  /** The first that was found: then the search ended there. */
  readonly violation: Violation | null;
}

/** An edge as the search meets it. */
export interface MetEdge extends TraceStep {
  /** The shortest way to where it begins. */
  readonly traceToBefore: () => readonly TraceStep[];
}

/**
 * Visits every state that can be reached, breadth first, until one violates an invariant.
 *
 * @param meet Gets every edge.
 */
export function explore(setting: Setting, meet: (edge: MetEdge) => void = () => {}): Exploration {
  return new Search(setting, meet).run();
}

class Search {
  readonly #setting: Setting;
  readonly #meet: (edge: MetEdge) => void;
  readonly #places = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #parents = new IntList();
  /** Of edges without a fault: where those of each state begin, and where they lead. */
  readonly #offsets = new IntList();
  readonly #targets = new IntList();
  readonly #ends: number[] = [];
  readonly #kinds = new Map<StepKind, number>();
  #edges = 0;

  constructor(setting: Setting, meet: (edge: MetEdge) => void) {
    this.#setting = setting;
    this.#meet = meet;
  }

  run(): Exploration {
    const startedAtMs = performance.now();
    let level = [this.#first()];
    let depth = 0;
    let violation = this.#add(level, -1);
    while (violation === null && level.length > 0) {
      const next: State[] = [];
      for (const state of level) {
        violation = this.#expand(state, next);
        if (violation !== null) break;
      }
      if (next.length > 0) depth += 1;
      level = next;
    }
    violation ??= this.#stuck();
    const seconds = (performance.now() - startedAtMs) / 1000;
    const { size: states } = this.#places;
    const ends = this.#ends.length;
    return { states, edges: this.#edges, depth, ends, seconds, kinds: this.#kinds, violation };
  }

  #first(): State {
    return initialState(this.#setting.rows, this.#setting.faults);
  }

  #add(states: readonly State[], parent: number): Violation | null {
    for (const state of states) {
      const key = keyOf(state);
      const place = this.#keys.length;
      this.#places.set(key, place);
      this.#keys.push(key);
      this.#parents.push(parent);
      if (isEnd(state)) this.#ends.push(place);
      const invariant = violated(state);
      if (invariant !== null) return { invariant, trace: this.#traceTo(place) };
    }
    return null;
  }

  #expand(state: State, next: State[]): Violation | null {
    // States are expanded in the order in which they were found.
    const source = this.#offsets.length;
    this.#offsets.push(this.#targets.length);
    for (const step of stepsFrom(state, this.#setting)) {
      const { kind, next: raw } = step;
      this.#edges += 1;
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      const found = tidy(raw);
      let place = this.#places.get(keyOf(found));
      if (place === undefined) {
        place = this.#keys.length;
        const violation = this.#add([found], source);
        if (violation !== null) return violation;
        next.push(found);
      }
      this.#meet({ before: state, step, after: found, traceToBefore: () => this.#traceTo(source) });
      if (isBehaved(state, found)) this.#targets.push(place);
    }
    return null;
  }

  #stuck(): Violation | null {
    const place = firstStuck(this.#offsets, this.#targets, this.#ends);
    return place === null ? null : { invariant: "stuck for ever", trace: this.#traceTo(place) };
  }

  /** Walks it once more: the keys do not say which instance is which. */
  #traceTo(place: number): readonly TraceStep[] {
    const keys: string[] = [];
    for (let at = place; at > 0; at = this.#parents.at(at)) keys.unshift(this.#keys[at] ?? "");
    const trace: TraceStep[] = [];
    let before = this.#first();
    for (const key of keys) {
      const step = stepsFrom(before, this.#setting).find((each) => keyOf(tidy(each.next)) === key);
      if (step === undefined) throw new Error("A trace cannot be walked again.");
      const after = tidy(step.next);
      trace.push({ before, step, after });
      before = after;
    }
    return trace;
  }
}

/** Nothing fails in this step. */
function isBehaved(before: State, after: State): boolean {
  return before.faultsLeft === after.faultsLeft && before.change === after.change;
}
