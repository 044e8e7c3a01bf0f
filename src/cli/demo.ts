import { readConfig } from '../app/config.ts';
import { startTributary } from '../app/compose.ts';
import { createLog } from '../app/log.ts';
import { roles } from '../app/roles.ts';
import { playJourney, type Narrator } from './demo/journey.ts';
import { narrateTo, showResult } from './demo/show.ts';

/** The sandbox client of the installation and a person of the test bank's default scenario. */
const cast = {
  client: { id: 'sandbox', secret: 'sandbox-secret' },
  person: { login: 'alice', password: 'tributary1' },
};

async function isReady(gatewayUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${gatewayUrl}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** Plays the journey against the running server, else against one started for it and stopped afterwards. */
export async function demo(options: { json?: boolean; url?: string }): Promise<void> {
  const config = readConfig();
  const configured = options.url ?? config.publicUrl ?? `http://${config.host}:${config.port}`;
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const narrator: Narrator = options.json ? { step() {}, event() {} } : narrateTo(write);
  if (options.url || (await isReady(configured))) {
    await play(configured.replace(/\/$/, ''));
    return;
  }
  narrator.step('No server answers, so one is started for the demo');
  const tributary = await startTributary({ config, roles: new Set(roles), log: createLog('warn') });
  try {
    await play(tributary.addresses.publicUrl ?? configured);
  } finally {
    await tributary.shutdown.run();
  }

  async function play(gatewayUrl: string): Promise<void> {
    const result = await playJourney(gatewayUrl, cast, narrator);
    write(options.json ? JSON.stringify(result, null, 2) : showResult(result));
  }
}
