import { Failure } from '../../domain/failure.ts';
import type { BankCall, BankSession, ConsentState, KeepSession } from '../connector.ts';
import { finishOAuth } from '../oauth-access.ts';
import { renewTokens, revokeTokens } from '../oauth-access-tokens.ts';
import { callBerlinGroup } from './client.ts';
import { consentPath, endByFailure, isOver, readGranted, readStatus } from './consent-state.ts';
import { listAccounts } from './list-accounts.ts';
import { oauthAccess, type BerlinGroupParts } from './oauth.ts';
import { refusedParameter } from './post-consent.ts';
import { berlinGroupQuirks } from './quirks.ts';
import { readSession, type ConsentSession, type PreStepSession } from './session.ts';
import { forgottenAt, openConsent } from './start-consent.ts';

type ReturnParameters = Readonly<Record<string, string>>;

/** What became of the consent; takes the steps that the browser's return allows. */
export async function readConsentState(
  parts: BerlinGroupParts,
  call: BankCall,
  session: BankSession,
  returnParameters: ReturnParameters = {},
): Promise<ConsentState> {
  const read = readSession(session);
  if (!('consentId' in read)) return continueAfterToken(parts, call, read, returnParameters);
  const opened = await withTokens(parts, call, read, returnParameters);
  if (opened === 'REFUSED') return { status: 'REJECTED' };
  const state = () => stateOf(parts, call, opened, returnParameters);
  return opened === read ? state() : keepingTokens(call, opened, state);
}

/**
 * The code with which the browser came serves once, so that its tokens must reach the caller whatever comes next: where
 * the bank has not taken note of the consent yet, or cannot be asked, the same return finds out later.
 */
async function keepingTokens(
  call: BankCall,
  session: ConsentSession,
  state: () => Promise<ConsentState>,
): Promise<ConsentState> {
  const { consentId } = session;
  const continued = { redirectUrl: null, bankConsentId: consentId, session, expiresAt: forgottenAt(call) };
  try {
    const reached = await state();
    return reached.status === 'PENDING' ? { continued, ...reached } : reached;
  } catch (error) {
    if (error instanceof Failure || call.signal.aborted) return { status: 'PENDING', continued };
    throw error;
  }
}

/** What the bank says of the consent, and of the code that it may want besides. */
async function stateOf(
  parts: BerlinGroupParts,
  call: BankCall,
  opened: ConsentSession,
  returnParameters: ReturnParameters,
): Promise<ConsentState> {
  let status = await readStatus(parts.http, call, opened);
  if (status === 'PENDING' && (await confirm(parts, call, opened, returnParameters)))
    status = await readStatus(parts.http, call, opened);
  if (status === 'PENDING') {
    // The person came back by the address for refusals, and the bank has not taken note of it (yet).
    return { status: returnParameters[refusedParameter] === 'refused' ? 'REJECTED' : 'PENDING' };
  }
  if (status !== 'ACTIVE') return { status };
  // Valid at the bank, but without the token that only the browser's return can bring.
  if (opened.oauth) return { status: 'PENDING' };
  if (opened.dedicated) return openDedicated(parts, call, opened, opened.dedicated);
  return readGranted(parts.http, call, opened);
}

/** OAuth2 before the consent: with the token, the consent can be asked for, and the person goes to the bank again. */
async function continueAfterToken(
  parts: BerlinGroupParts,
  call: BankCall,
  { oauth, request }: PreStepSession,
  returnParameters: ReturnParameters,
): Promise<ConsentState> {
  if (!isOAuthReturn(returnParameters)) return { status: 'PENDING' };
  const tokens = await finishOAuth(oauthAccess(parts, call, undefined), oauth, returnParameters);
  if (!tokens) return { status: 'REJECTED' };
  return { status: 'PENDING', continued: await openConsent(parts, call, request, tokens) };
}

/** OAuth2 with the consent in its scope: the token comes with the browser's return, and with it the confirmation. */
async function withTokens(
  parts: BerlinGroupParts,
  call: BankCall,
  session: ConsentSession,
  returnParameters: ReturnParameters,
): Promise<ConsentSession | 'REFUSED'> {
  const { oauth, ...rest } = session;
  if (!oauth || !isOAuthReturn(returnParameters)) return session;
  const tokens = await finishOAuth(oauthAccess(parts, call, session.metadataUrl), oauth, returnParameters);
  return tokens ? { ...rest, tokens } : 'REFUSED';
}

function isOAuthReturn(returnParameters: ReturnParameters): boolean {
  return 'code' in returnParameters || 'error' in returnParameters;
}

/** Sends the code with which the browser came back, where the bank asks for it; whether it was sent. */
async function confirm(
  { http }: BerlinGroupParts,
  call: BankCall,
  { confirmationUrl, tokens }: ConsentSession,
  returnParameters: ReturnParameters,
): Promise<boolean> {
  const confirmationCode = returnParameters[berlinGroupQuirks(call.endpoint).confirmationParameter];
  if (confirmationUrl === undefined || confirmationCode === undefined) return false;
  const answer = await callBerlinGroup(http, call, {
    method: 'PUT',
    target: new URL(confirmationUrl),
    resource: 'consent',
    tokens,
    body: { confirmationCode },
  });
  // A code that is refused ends the authorisation; the status of the consent says so.
  if (answer.isRefused && answer.status >= 500) throw answer.failure;
  return true;
}

/** The accounts are known: asks for the consent that opens them, which takes the person to the bank once more. */
async function openDedicated(
  parts: BerlinGroupParts,
  call: BankCall,
  session: ConsentSession,
  request: NonNullable<ConsentSession['dedicated']>,
): Promise<ConsentState> {
  const accounts = await listAccounts(parts.http, call, session);
  const ibans = [...new Set(accounts.flatMap(({ iban, isClosed }) => (iban === null || isClosed ? [] : [iban])))];
  if (ibans.length === 0) throw new Failure('NO_ELIGIBLE_ACCOUNT');
  return { status: 'PENDING', continued: await openConsent(parts, call, request, session.tokens, ibans) };
}

/** The session with tokens that go on to serve, or null while they do: see `Connector.renewSession`. */
export async function renewSession(
  parts: BerlinGroupParts,
  call: BankCall,
  session: BankSession,
): Promise<BankSession | null> {
  const read = readSession(session);
  if (!('consentId' in read) || !read.tokens) return null;
  const access = oauthAccess(parts, call, read.metadataUrl);
  const tokens = await renewTokens(access, read.tokens, isOver(call, read));
  return tokens && { ...read, tokens };
}

/** Deletes the consent at the bank, and its tokens with it; what is already over needs no deleting. */
export async function endConsent(
  parts: BerlinGroupParts,
  call: BankCall,
  given: BankSession,
  keep?: KeepSession,
): Promise<void> {
  const renewed = await renewToEnd(parts, call, given);
  if (renewed === 'OVER') return;
  if (renewed) await keep?.(renewed);
  const session = readSession(renewed ?? given);
  if (!('consentId' in session)) return;
  const { tokens, metadataUrl } = session;
  const target = consentPath(session);
  const answer = await callBerlinGroup(parts.http, call, { method: 'DELETE', target, resource: 'consent', tokens });
  if (answer.isRefused && !endByFailure[answer.failure.code]) throw answer.failure;
  if (tokens) await revokeTokens(oauthAccess(parts, call, metadataUrl), tokens);
}

/**
 * See `renewSession`: with a token that has run out the bank would not know us, and keep the consent. Where it gives
 * none any more, the access is over.
 */
async function renewToEnd(
  parts: BerlinGroupParts,
  call: BankCall,
  session: BankSession,
): Promise<BankSession | 'OVER' | null> {
  try {
    return await renewSession(parts, call, session);
  } catch (error) {
    if (error instanceof Failure && endByFailure[error.code]) return 'OVER';
    throw error;
  }
}
