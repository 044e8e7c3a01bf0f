import { errors } from 'undici';
import { Failure } from '../domain/failure.ts';
import { BankAddressRefused } from './bank-addresses.ts';

/** TLS faults are ours or the operator's to settle; all else on the line may pass by itself. */
export function transportFailure(error: unknown): Failure {
  if (error instanceof BankAddressRefused)
    return new Failure('BANK_ERROR', {
      message: 'The bank leads to an address outside of the internet, where nothing is sent.',
      cause: error,
    });
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new Failure('BANK_TIMEOUT', { cause: error });
  if (error instanceof errors.ConnectTimeoutError) return new Failure('BANK_UNAVAILABLE', { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_') || tlsFaults.has(code))
    return new Failure('CONNECTOR_CONFIG_INVALID', {
      message: 'No secure connection to the bank: its certificate or ours is not accepted.',
      cause: error,
    });
  return new Failure('BANK_UNAVAILABLE', { cause: error });
}

const tlsFaults = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether what went wrong did so before a byte of the request was on its way, so that the bank can know nothing of it. */
export function isUnsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && faultsOfConnecting.has(String(error.code));
}

/** Of the system (connecting, and finding the address) and of undici. */
const faultsOfConnecting = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
