import { cpus, loadavg, totalmem } from 'node:os';

/** Where the figures come from: without it they say nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
  /** How many processes wanted to run in the last minute; much above 0 at the start means that others disturb. */
  readonly loadAtStart: number;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadAtStart: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function describeMachine(machine: Machine): string {
  const { cpu, cores, memoryGiB, node, platform, loadAtStart } = machine;
  return `${cores} cores of ${cpu}, ${memoryGiB} GiB, ${platform}, Node ${node}; load ${loadAtStart} at the start`;
}
