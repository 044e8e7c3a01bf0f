/** How often the memory of the process is looked at. */
const intervalMilliseconds = 100;

/** The greatest resident memory of this process, in megabytes, while the work goes on. */
export async function peakMemoryOf(work: () => Promise<unknown>): Promise<number> {
  let peak = process.memoryUsage().rss;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, intervalMilliseconds);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, process.memoryUsage().rss) / 1e6;
}
