import type { BankAccount, BankBalance, BankTransaction } from '../domain/bank-snapshot.ts';
import type { Challenge } from '../domain/challenge.ts';
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
  /**
   * Spends one more unattended call, for what the bank may count again: a question that is put once more, to be heard
   * this time or in other words. Throws SYNC_BUDGET_EXHAUSTED where none is left, and nothing must then be asked. Absent
   * where nothing is counted; the first question of each kind has been spent by the caller.
   */
  readonly spendAgain?: () => Promise<void>;
}

/**
 * What the bank needs to recognise us again on later calls (consent id, tokens, cookies). It is sealed before it is
 * stored and never leaves the vault's users; only the connector that made it reads it.
 */
export type BankSession = Readonly<Record<string, unknown>>;

export interface AuthorizationRequest {
  /** Where the bank sends the browser afterwards, without a query: the address that is registered at the bank. */
  readonly returnUrl: string;
  /** Must come back as the query parameter `state`; 43 characters of base64url. */
  readonly state: string;
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

/** What takes the place of an authorisation that was started, after one of several visits of the person at the bank. */
export interface AuthorizationContinued extends Omit<AuthorizationStarted, 'redirectUrl'> {
  /** The next page for the person; null where he confirms elsewhere, in the bank's app. */
  readonly redirectUrl: string | null;
}

/** The consent as the bank sees it now. */
export type ConsentState =
  | {
      readonly status: 'PENDING';
      /** To be stored, for the earlier session serves no more; the state that must come back stays the same. */
      readonly continued?: AuthorizationContinued;
    }
  | {
      readonly status: 'ACTIVE';
      readonly validUntil: CalendarDate;
      readonly frequencyPerDay: number;
      readonly session: BankSession;
    }
  | { readonly status: 'REJECTED' | 'EXPIRED' | 'REVOKED' };

/** What the person typed into the form of the channel, by the names of its fields. */
export type Credentials = Readonly<Record<string, string>>;

export interface SignInRequest {
  readonly credentials: Credentials;
  /** Of the last sign-in, which may still be good; null at the first one, and when the credentials have changed. */
  readonly session: BankSession | null;
  /** Where a bank that wants the browser after all sends it back, and the state that must come back with it. */
  readonly returnUrl: string;
  readonly state: string;
  /** What we ask for, where the bank knows consents: it may shorten it. */
  readonly validUntil: CalendarDate;
  readonly frequencyPerDay: number;
}

/** Where a sign-in stands. The session is to be stored before the next step, whatever the status. */
export type SignInState =
  | {
      readonly status: 'SIGNED_IN';
      readonly session: BankSession;
      /** What the bank granted; null where it knows no consents, as a portal does not. */
      readonly validUntil: CalendarDate | null;
      readonly frequencyPerDay: number | null;
      readonly bankConsentId: string | null;
    }
  | { readonly status: 'CHALLENGED'; readonly session: BankSession; readonly challenge: Challenge };

/**
 * Access by credentials and challenges: a portal, or a bank interface without pages of its own (Berlin Group's
 * decoupled and EmbeddedSca approaches). Wrong answers that the bank forgives come back as a new challenge.
 */
export interface SignIn {
  /**
   * Signs in, or finds that the session is still good. Without the person (`call.psu` null) a bank must not be brought
   * to send a code: the Failure that says what it wants is thrown instead (SCA_OTP_REQUIRED, SCA_DECOUPLED_PENDING …).
   */
  begin(call: BankCall, request: SignInRequest): Promise<SignInState>;
  /**
   * Goes on after a challenge. `answer` is the person's text, or null to look whether what is settled elsewhere is
   * settled; `returnParameters` are those of a browser that came back.
   */
  proceed(
    call: BankCall,
    request: SignInRequest & { readonly session: BankSession },
    answer: string | null,
    returnParameters?: Readonly<Record<string, string>>,
  ): Promise<SignInState>;
}

/** Stores a session in the place of the one that it was renewed from. */
export type KeepSession = (renewed: BankSession) => Promise<void>;

/** Days of transactions to read, both included. */
export interface TransactionWindow {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Where the bank is asked for what it booked after an entry, and not by these days: the answer is to cover them. */
  readonly anchor?: DeltaAnchor;
}

/** The stored entry after which the bank is asked for everything, whatever its date. */
export interface DeltaAnchor {
  /** The bank's reference of it (`BankTransaction.entryReference`). */
  readonly entryReference: string;
  /** Booked entries of earlier days are left out: nothing is stored with which they could be compared. */
  readonly notBefore: CalendarDate;
}

/**
 * What an answer of the bank leaves unsaid. PENDING_UNSUPPORTED: the bank shows no pending entries, so that none of them
 * says nothing. BOOKED_UNUSABLE, PENDING_UNUSABLE: it gave such entries that cannot be used, which may be any that are
 * missing from it; an entry that does not tell what it is counts as booked.
 */
export type AnswerRemark = 'PENDING_UNSUPPORTED' | 'BOOKED_UNUSABLE' | 'PENDING_UNUSABLE';

/**
 * The port to a bank. Implementations throw a domain Failure for everything a bank may do wrong; anything else thrown
 * is a bug. None keeps state between calls, and none writes: what must be kept is returned.
 */
export interface Connector {
  /** The name providers refer to, for example `berlin-group`. */
  readonly dialect: string;
  readonly channel: ChannelKind;
  /** Null for a bank that never asks for credentials or answers through us. */
  readonly signIn: SignIn | null;
  /**
   * Asks the bank for access; the person then goes to `redirectUrl`. Throws SCA_METHOD_UNSUPPORTED when the bank gives
   * access by sign-in only.
   */
  startAuthorization(call: BankCall, request: AuthorizationRequest): Promise<AuthorizationStarted>;
  /**
   * A session whose tokens end soon, renewed; null when it is still good. The caller stores the new one before it is
   * used, and makes sure that nobody else renews meanwhile: refresh tokens serve once.
   */
  renewSession(call: BankCall, session: BankSession): Promise<BankSession | null>;
  /**
   * Reads what became of the consent. `returnParameters` are the query parameters with which the browser came back,
   * absent when we ask by ourselves.
   */
  readConsent(
    call: BankCall,
    session: BankSession,
    returnParameters?: Readonly<Record<string, string>>,
  ): Promise<ConsentState>;
  /**
   * Ends the consent at the bank; succeeds when it is already ended. A session that has to be renewed for it is given to
   * `keep` before it is used: should the rest fail, the next attempt needs it.
   */
  revokeConsent(call: BankCall, session: BankSession, keep?: KeepSession): Promise<void>;
  listAccounts(call: BankCall, session: BankSession): Promise<readonly BankAccount[]>;
  readBalances(call: BankCall, session: BankSession, account: BankAccount): Promise<readonly BankBalance[]>;
  /** Whether the bank's entry says that it can be asked for what it booked after an anchor; absent: it cannot. */
  offersDelta?(endpoint: BankEndpoint): boolean;
  /**
   * Pages of transactions, booked and pending, in the bank's order; pages may overlap. Booked entries outside the window
   * and entries that cannot be used (no amount, impossible dates) are left out; when a bank gives entries of which none
   * can be used, DATA_INCONSISTENT is thrown. An iteration that ends normally has read all that the bank gave, and returns
   * what that leaves unsaid; nothing where all is said.
   *
   * After an anchor older entries come as well, which the bank has dated back, as far as they have a reference. It
   * returns ANCHOR_REFUSED, and has given nothing, where the bank does not know the anchor or may not: one call is spent.
   */
  readTransactions(
    call: BankCall,
    session: BankSession,
    account: BankAccount,
    window: TransactionWindow,
  ): AsyncIterable<readonly BankTransaction[], ReadonlySet<AnswerRemark> | 'ANCHOR_REFUSED' | void>;
}
