import { Command, InvalidArgumentError } from 'commander';
import { roles, type Role } from '../app/roles.ts';
import type * as Listen from './listen.ts';
import { addApplicationCommands, addClientCommands, addSigningKeyCommands } from './client-commands.ts';
import type { BankOptions } from './bank.ts';
import { addProviderCommands } from './provider-commands.ts';
import { calendarDate, wholeNumber } from './option-values.ts';

function parseRoles(text: string): ReadonlySet<Role> {
  const names = text.split(',').map((name) => name.trim());
  const chosen = new Set<Role>();
  for (const name of names) {
    if (name === 'all') for (const role of roles) chosen.add(role);
    else {
      const role = roles.find((known) => known === name);
      if (!role) throw new InvalidArgumentError(`"${name}" is no role; allowed: all, ${roles.join(', ')}.`);
      chosen.add(role);
    }
  }
  return chosen;
}

/**
 * Reads the command line and runs one command. Commands are loaded when they are called, so that `--help` answers
 * without reading the whole house. An expected failure ends with its message alone and exit status 1.
 */
export async function runCommand(argv: readonly string[]): Promise<void> {
  const program = new Command('tributary').description(
    'Self-hosted bank-account aggregation behind one GraphQL endpoint',
  );
  program
    .command('serve')
    .description('start the gateway, the worker and, in sandbox, the test bank')
    .option('--role <list>', `comma-separated: all, ${roles.join(', ')}`, parseRoles, new Set<Role>(roles))
    .action(async (options: { role: ReadonlySet<Role> }) => {
      const { serve } = await import('./serve.ts');
      await serve(options.role);
    });
  program
    .command('migrate')
    .description('bring the database up to this version; a production start never does it by itself')
    .action(async () => {
      const { migrateCommand } = await import('./migrate.ts');
      await migrateCommand();
    });
  program
    .command('demo')
    .description('play the whole journey in the terminal, against a running server or one of its own')
    .option('--json', 'print the result as one JSON document')
    .option('--url <address>', 'the gateway to play against; default: the one of this configuration')
    .action(async (options: { json?: boolean; url?: string }) => {
      const { demo } = await import('./demo.ts');
      await demo(options);
    });
  program
    .command('bank')
    .description('check a scenario of the test bank and show what it yields, or serve it alone')
    .argument('[file]', 'a scenario in YAML or JSON; the default household when absent')
    .option('--next <count>', 'how many coming transactions to show', wholeNumber(0, 10_000), 10)
    .option('--at <date>', 'the day to look at, YYYY-MM-DD; today when absent', calendarDate)
    .option('--json', 'print one JSON document, for mistakes as well')
    .option('--serve', 'serve the bank, with its control open, until a signal ends it')
    .option('--tls <directory>', 'with --serve: over TLS, with the certificates that --certificates wrote there')
    .option('--port <number>', 'the port to serve on; 0 picks a free one', wholeNumber(0, 65_535), 4001)
    .option('--schema', 'print the JSON Schema of scenario files')
    .option('--certificates <directory>', 'write test certificates (QWAC, QSealC, root, server) there')
    .action(async (file: string | undefined, options: BankOptions) => {
      const { bankCommand } = await import('./bank.ts');
      await bankCommand(file, options);
    });
  addClientCommands(program);
  addApplicationCommands(program);
  addProviderCommands(program);
  program
    .command('listen')
    .description('bring events to an address of this machine, signed like webhooks, without a public address')
    .requiredOption('--forward-to <url>', 'where to post each event, such as http://localhost:3000/hook')
    .option('--types <list>', 'comma-separated types, such as sync.succeeded,transactions.changed; default: all')
    .option('--client-id <id>', 'the client whose events to bring', 'sandbox')
    .option('--client-secret <secret>', 'its secret', 'sandbox-secret')
    .option('--url <address>', 'the gateway; default: the one of this configuration')
    .action(async (options: Parameters<typeof Listen.listen>[0]) => {
      const { listen } = await import('./listen.ts');
      await listen(options);
    });
  const key = program.command('key').description('keys: those that seal secrets, and those that sign tokens');
  addSigningKeyCommands(key);
  key
    .command('generate')
    .description('print a new key for TRIBUTARY_KEYS')
    .argument('[id]', 'how it is called; default: k and the day')
    .action(async (id: string | undefined) => {
      const { keyGenerate } = await import('./key.ts');
      keyGenerate(id);
    });
  key
    .command('rotate')
    .description('seal everything again with the first key, while the installation runs')
    .action(async () => {
      const { keyRotate } = await import('./key.ts');
      await keyRotate();
    });
  program
    .command('audit')
    .description('the audit log')
    .command('verify')
    .description('check the chain of every client and name the first broken link')
    .action(async () => {
      const { auditVerify } = await import('./audit.ts');
      await auditVerify();
    });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    const { explain } = await import('./explain.ts');
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}
