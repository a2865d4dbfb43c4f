const patienceMs = 20_000;

/**
 * Makes a process that was started with `--inspect` collect its garbage, to measure live memory. Connects only for that.
 *
 * @throws Error if it does not answer.
 */
export async function collectGarbage(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target]: readonly { webSocketDebuggerUrl: string }[] = JSON.parse(await response.text());
  if (target === undefined) throw new Error(`Nothing can be inspected on port ${port}.`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  try {
    await new Promise<void>((resolve, reject) => {
      AbortSignal.timeout(patienceMs).addEventListener("abort", () =>
        reject(new Error("The process did not collect its garbage in time.")),
      );
      socket.addEventListener("error", () =>
        reject(new Error(`The inspector on port ${port} cannot be used.`)),
      );
      socket.addEventListener("open", () => {
        // Twice, because the finalisers of the first collection free more.
        for (const id of [1, 2]) socket.send(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" }));
      });
      socket.addEventListener("message", ({ data }) => {
        if (JSON.parse(String(data)).id === 2) resolve();
      });
    });
  } finally {
    socket.close();
  }
}
