import type { ServerResponse } from 'node:http';
import { answerJson } from './answer.ts';

/** The state of one thing that the gateway needs: `ok`, or a sentence that says what is wrong. */
export interface Readiness {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** `/health/live`: the process answers. Nothing else is looked at, so a slow database never has it killed. */
export function answerLive(response: ServerResponse): void {
  answerJson(response, 200, { status: 'ok' });
}

/** `/health/ready`: 200 when requests can be served, else 503 with what is missing. */
export async function answerReady(
  response: ServerResponse,
  readiness: () => Promise<Readiness>,
  isDraining: boolean,
): Promise<void> {
  const state = isDraining ? { isReady: false, checks: { gateway: 'shutting down' } } : await readiness();
  answerJson(response, state.isReady ? 200 : 503, {
    status: state.isReady ? 'ok' : 'unavailable',
    checks: state.checks,
  });
}
