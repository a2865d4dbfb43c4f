/** Lets the pipeline sleep until there may be something to do. A wake-up is never lost, and many are one. */
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
