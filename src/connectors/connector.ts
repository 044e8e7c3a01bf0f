import type { BankAccount, BankBalance, BankTransaction } from '../domain/bank-snapshot.ts';
import type { ChannelKind } from '../domain/connection.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { Clock } from '../kernel/clock.ts';

/** What the request of a person who is present tells the bank; without it a call counts as unattended. */
export interface PsuContext {
  readonly ipAddress: string;
  readonly userAgent?: string;
}

/** A provider's channel as the connector needs it: data from the provider's entry, never from a user. */
export interface BankEndpoint {
  /** Address right above the dialect's resources, with its version: `https://api.bank.example/berlin-group/v1`. */
  readonly baseUrl: string;
  /** IANA zone in which the bank's dates without offset are meant. */
  readonly timeZone: string;
  /** Overrides of the dialect's defaults, by quirk name; each connector parses its own. */
  readonly quirks: Readonly<Record<string, unknown>>;
}

/** What all calls to a bank share. */
export interface BankCall {
  readonly endpoint: BankEndpoint;
  readonly clock: Clock;
  /** Ends the call; it then throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Null when nobody waits in front of a screen. */
  readonly psu: PsuContext | null;
}

/**
 * What the bank needs to recognise us again on later calls (consent id, tokens, cookies). It is sealed before it is
 * stored and never leaves the vault's users; only the connector that made it reads it.
 */
export type BankSession = Readonly<Record<string, unknown>>;

export interface AuthorizationRequest {
  /** Where the bank sends the browser afterwards; carries our state. */
  readonly returnUrl: string;
  /** What we ask for: the bank may shorten it. */
  readonly validUntil: CalendarDate;
  readonly frequencyPerDay: number;
}

export interface AuthorizationStarted {
  /** The bank's page for the person. */
  readonly redirectUrl: string;
  /** The bank's own id of the consent, where it has one. */
  readonly bankConsentId: string | null;
  readonly session: BankSession;
  /** When the bank forgets an authorisation that nobody completed. */
  readonly expiresAt: Date;
}

/** The consent as the bank sees it now. */
export type ConsentState =
  | { readonly status: 'PENDING' }
  | {
      readonly status: 'ACTIVE';
      readonly validUntil: CalendarDate;
      readonly frequencyPerDay: number;
      readonly session: BankSession;
    }
  | { readonly status: 'REJECTED' | 'EXPIRED' | 'REVOKED' };

/** Days of transactions to read, both included. */
export interface TransactionWindow {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/**
 * The port to a bank. Implementations throw a domain Failure for everything a bank may do wrong; anything else thrown
 * is a bug. None keeps state between calls, and none writes: what must be kept is returned.
 */
export interface Connector {
  /** The name providers refer to, for example `berlin-group`. */
  readonly dialect: string;
  readonly channel: ChannelKind;
  /** Asks the bank for access; the person then goes to `redirectUrl`. */
  startAuthorization(call: BankCall, request: AuthorizationRequest): Promise<AuthorizationStarted>;
  /**
   * Reads what became of the consent. `returnParameters` are the query parameters with which the browser came back,
   * absent when we ask by ourselves.
   */
  readConsent(
    call: BankCall,
    session: BankSession,
    returnParameters?: Readonly<Record<string, string>>,
  ): Promise<ConsentState>;
  /** Ends the consent at the bank; succeeds when it is already ended. */
  revokeConsent(call: BankCall, session: BankSession): Promise<void>;
  listAccounts(call: BankCall, session: BankSession): Promise<readonly BankAccount[]>;
  readBalances(call: BankCall, session: BankSession, account: BankAccount): Promise<readonly BankBalance[]>;
  /**
   * Pages of transactions, booked and pending, in the bank's order; pages may overlap. Booked entries outside the window
   * and entries that cannot be used (no amount, impossible dates) are left out; when a bank gives entries of which none
   * can be used, DATA_INCONSISTENT is thrown. An iteration that ends normally has read all that the bank gave.
   */
  readTransactions(
    call: BankCall,
    session: BankSession,
    account: BankAccount,
    window: TransactionWindow,
  ): AsyncIterable<readonly BankTransaction[]>;
}
