/**
 * Calls what a user passed to watch calls. An error of it would replace the call's result, and an accepted message would
 * look as if it had failed: so it becomes a warning of the process, without the error's text, which may hold anything.
 */
export function undisturbed(name: string, watch: () => unknown): void {
  try {
    const result = watch();
    if (result instanceof Promise) result.catch((error: unknown) => warn(name, error));
  } catch (error) {
    warn(name, error);
  }
}

function warn(name: string, error: unknown): void {
  const what = error instanceof Error ? error.name : typeof error;
  process.emitWarning(
    `${name} failed (${what}); the call's result is not affected. Handle errors inside of it.`,
    {
      type: "TalkmeWarning",
    },
  );
}
