import { CommanderError } from 'commander';
import { explain } from '../../src/cli/explain.ts';
import { benchmarks } from './benchmarks.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { parseOptions } from './options.ts';
import { printed } from './print.ts';

async function main(): Promise<void> {
  const { chosen, isJson, rounds, secondsPerRound } = parseOptions(process.argv.slice(2), benchmarks);
  const machine = thisMachine();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const results: object[] = [];
  if (!isJson) process.stdout.write(`${describeMachine(machine)}\n\n`);
  for (const benchmark of chosen) {
    const report = await benchmark.run({ rounds, secondsPerRound, tell });
    if (isJson) results.push({ name: benchmark.name, figures: report.figures, notes: report.notes });
    else process.stdout.write(printed(benchmark, report));
  }
  if (isJson) process.stdout.write(`${JSON.stringify({ machine, rounds, secondsPerRound, results }, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (!isHelp) process.stderr.write(`${explain(error)}\n`);
  process.exitCode = isHelp ? 0 : 1;
}
