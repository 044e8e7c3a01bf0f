import type { Command } from 'commander';
import { secretOverlapSecondsDefault, secretOverlapSecondsMax } from '../domain/client-authentication.ts';
import { addAuthenticationOptions, addClientOptions, addScopeOption } from './client-options.ts';
import { wholeNumber } from './option-values.ts';

const json = ['--json', 'print one JSON document'] as const;
const overlap = ['--overlap <seconds>', 'how long the old secret stays valid; 0 ends it at once'] as const;
const overlapSeconds = wholeNumber(0, secretOverlapSecondsMax);

/** `tributary client …`. */
export function addClientCommands(program: Command): void {
  const client = program.command('client').description('create, list and change the applications that own users');
  addAuthenticationOptions(addClientOptions(client.command('create')))
    .description('register a client; its secret is shown this once')
    .argument('<name>', 'what people call it')
    .option(...json)
    .action(async (name, options) => (await import('./client.ts')).clientCreate(name, options));
  client
    .command('list')
    .description('show all clients')
    .option(...json)
    .action(async (options) => (await import('./client.ts')).clientList(options));
  addClientOptions(client.command('update'))
    .description('change what is given of a client')
    .argument('<clientId>')
    .option('--name <name>', 'what people call it')
    .option(...json)
    .action(async (id, options) => (await import('./client.ts')).clientUpdate(id, options));
  client
    .command('disable')
    .description('refuse a client and end its tokens at once; its data stays')
    .argument('<clientId>')
    .option(...json)
    .action(async (id, options) => (await import('./client.ts')).clientDisable(id, options));
  client
    .command('enable')
    .description('take a client up again')
    .argument('<clientId>')
    .option(...json)
    .action(async (id, options) => (await import('./client.ts')).clientEnable(id, options));
  client
    .command('rotate-secret')
    .description('give a client a new secret beside the old one')
    .argument('<clientId>')
    .option(...overlap, overlapSeconds, secretOverlapSecondsDefault)
    .option(...json)
    .action(async (id, options) => (await import('./client.ts')).clientRotateSecret(id, options));
}

/** `tributary application …`. */
export function addApplicationCommands(program: Command): void {
  const application = program
    .command('application')
    .description('create and list the third parties that the users of a client may let in');
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  addAuthenticationOptions(addScopeOption(application.command('create'), 'what its tokens may carry, between commas'))
    .description('register a third party; its secret is shown this once')
    .argument('<name>', 'what its users are asked to let in')
    .requiredOption('--client <clientId>', 'the client whose users may let it in')
    .requiredOption('--redirect-uri <address>', 'where codes may be sent, exactly; repeat it', collect)
    .option(...json)
    .action(async (name, options) => (await import('./application.ts')).applicationCreate(name, options));
  application
    .command('list')
    .description('show all third parties')
    .option(...json)
    .action(async (options) => (await import('./application.ts')).applicationList(options));
  application
    .command('disable')
    .description('refuse a third party and end its tokens at once')
    .argument('<applicationId>')
    .option(...json)
    .action(async (id, options) => (await import('./application.ts')).applicationDisable(id, options));
  application
    .command('rotate-secret')
    .description('give a third party a new secret beside the old one')
    .argument('<applicationId>')
    .option(...overlap, overlapSeconds, secretOverlapSecondsDefault)
    .option(...json)
    .action(async (id, options) => (await import('./application.ts')).applicationRotateSecret(id, options));
}

/** `tributary key …` of the authorization server. */
export function addSigningKeyCommands(key: Command): void {
  key
    .command('rotate-signing')
    .description('make a new key for the signatures of tokens; it is published now and signs in 15 minutes')
    .option('--immediately', 'for a stolen key: sign with the new one now, and end all tokens of the others')
    .option(...json)
    .action(async (options) => (await import('./signing-keys.ts')).signingKeyRotate(options));
  key
    .command('list-signing')
    .description('show the keys for the signatures of tokens')
    .option(...json)
    .action(async (options) => (await import('./signing-keys.ts')).signingKeyList(options));
}
