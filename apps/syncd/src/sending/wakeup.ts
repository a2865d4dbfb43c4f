/** Lets the loop sleep until there may be something to do. No wake-up is lost, and many count as one. */
export class Wakeup {
  #woken = false;
  #resolve: (() => void) | null = null;

  /** Ends the current sleep, or the next one before it begins. */
  wake(): void {
    this.#woken = true;
    this.#resolve?.();
  }

  /** Sleeps until {@link wake}, at most `ms` milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.#woken && ms > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#resolve = null;
    }
    this.#woken = false;
  }
}
