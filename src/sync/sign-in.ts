import type { SignInState } from '../connectors/connector.ts';
import { failureOfChallenge } from '../domain/challenge.ts';
import { Failure } from '../domain/failure.ts';
import { failureCatalogue } from '../domain/failure-catalogue.ts';
import type { ChannelId } from '../kernel/id.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { askPerson, waitOn } from './ask-person.ts';
import { callBank } from './call-bank.ts';
import { grantBySignIn } from './grant-by-sign-in.ts';
import { openSignIn, type SignInAccess } from './open-sign-in.ts';
import type { Run } from './run.ts';
import { takeStanding, type Standing } from './standing.ts';

/**
 * Signs in with the stored credentials, or goes on after a challenge. WAITING: the person is asked, and the sync has no
 * worker until he has answered, the bank is to be asked again, or time is up.
 */
export async function signIn(run: Run, step: SyncStepRow, channelId: ChannelId): Promise<'DONE' | 'WAITING'> {
  const standing = await takeStanding(run, channelId);
  const access = await openSignIn(run, channelId);
  const reached = await reach(run, access, standing);
  if (reached === 'UNKNOWN' && standing) {
    await waitOn(run, standing);
    return 'WAITING';
  }
  if (reached === 'UNKNOWN') throw new Failure('BANK_UNAVAILABLE');
  if (reached.status === 'SIGNED_IN') {
    await grantBySignIn(run, step, access, { state: reached, standing });
    return 'DONE';
  }
  const { challenge, session } = reached;
  // Somebody who answers, or whom the bank is asking already, is there.
  if (run.psu === null && !standing) throw new Failure(failureOfChallenge[challenge.kind]);
  const { state } = standing ?? access.request;
  await askPerson(run, { channelId, challenge, session, state, standing });
  return 'WAITING';
}

/** What the bank answers; UNKNOWN when it could not be asked whether an open challenge is settled, which passes. */
async function reach(run: Run, access: SignInAccess, standing: Standing | null): Promise<SignInState | 'UNKNOWN'> {
  const { signIn: at, call, request } = access;
  if (!standing) return callBank(run, () => at.begin(call, request));
  const { session, state, answer, returnParameters } = standing;
  try {
    return await callBank(run, () => at.proceed(call, { ...request, session, state }, answer, returnParameters));
  } catch (error) {
    const isPassing = error instanceof Failure && failureCatalogue[error.code].recovery === 'RETRY_LATER';
    if (isPassing && standing.challenge.status === 'OPEN') return 'UNKNOWN';
    throw error;
  }
}
