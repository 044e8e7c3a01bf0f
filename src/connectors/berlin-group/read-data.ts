import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession } from '../connector.ts';
import { callBerlinGroup, type BerlinGroupAnswer } from './client.ts';
import type { Resource } from './errors.ts';
import { berlinGroupQuirks } from './quirks.ts';
import { readConsentSession } from './session.ts';

interface DataRequest {
  readonly target: string | URL;
  readonly resource: Resource;
  readonly accept?: string;
  /** A further page of what was asked for counts nowhere. */
  readonly isFurtherPage?: boolean;
}

/**
 * Asks for data that the consent opens. Throws SCA_REQUIRED, and asks nothing, where the bank gives data only while the
 * person is present and nobody is.
 */
export function askForData(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  { isFurtherPage = false, ...request }: DataRequest,
): Promise<BerlinGroupAnswer> {
  if (berlinGroupQuirks(call.endpoint).psuIpAddress === 'always' && !call.psu)
    throw new Failure('SCA_REQUIRED', { message: 'This bank gives data only while the person is present.' });
  const { consentId, tokens } = readConsentSession(session);
  return callBerlinGroup(http, call, {
    method: 'GET',
    ...request,
    consentId,
    tokens,
    isCounted: !isFurtherPage,
  });
}
