import type { Command } from 'commander';

const json = ['--json', 'print one JSON document'] as const;

/** `tributary provider …`. */
export function addProviderCommands(program: Command): void {
  const provider = program.command('provider').description('load, list and switch the banks that can be linked');
  provider
    .command('load')
    .description('bring the list of banks up to this file (YAML or JSON); what it leaves out stays')
    .argument('<file>')
    .option('--check', 'check the file and change nothing')
    .option(...json)
    .action(async (file, options) => (await import('./provider.ts')).providerLoad(file, options));
  provider
    .command('list')
    .description('show the banks, all or those whose name, slug or BIC holds the text')
    .argument('[text]')
    .option(...json)
    .action(async (text, options) => (await import('./provider.ts')).providerList(text, options));
  provider
    .command('disable')
    .description('offer a bank for linking no longer; connections to it go on')
    .argument('<slug>')
    .option(...json)
    .action(async (slug, options) => (await import('./provider.ts')).providerSwitch(slug, false, options));
  provider
    .command('enable')
    .description('offer a bank for linking again')
    .argument('<slug>')
    .option(...json)
    .action(async (slug, options) => (await import('./provider.ts')).providerSwitch(slug, true, options));
}
