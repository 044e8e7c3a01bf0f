import { Command, InvalidArgumentError } from 'commander';
import type { Benchmark } from './benchmark.ts';

export interface BenchOptions {
  readonly chosen: readonly Benchmark[];
  readonly isJson: boolean;
  readonly rounds: number;
  readonly secondsPerRound: number;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}

function positiveInteger(text: string): number {
  const number = positive(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

/** Reads the command line; a mistake throws commander's error, which names it. */
export function parseOptions(argv: readonly string[], benchmarks: readonly Benchmark[]): BenchOptions {
  const list = benchmarks.map(({ name, about }) => `  ${name}: ${about}`).join('\n');
  const command = new Command('npm run bench --')
    .description(`measure, and print ratios of one run\n\nBenchmarks:\n${list}`)
    .argument('[names...]', 'which to run; all when absent')
    .option('--json', 'print one JSON document')
    .option('--rounds <number>', 'how often each side is measured', positiveInteger, 5)
    .option('--seconds <number>', 'how long each side is loaded in a round', positive, 3)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse([...argv], { from: 'user' });
  const options = command.opts<{ json?: boolean; rounds: number; seconds: number }>();
  const unknown = command.args.filter((name) => !benchmarks.some((known) => known.name === name));
  if (unknown.length > 0) {
    const known = benchmarks.map(({ name }) => name).join(', ');
    command.error(`error: there is no benchmark "${unknown.join('", "')}"; there are: ${known}`);
  }
  return {
    chosen: benchmarks.filter(({ name }) => command.args.length === 0 || command.args.includes(name)),
    isJson: options.json ?? false,
    rounds: options.rounds,
    secondsPerRound: options.seconds,
  };
}
