import type { BankHttp } from '../../../src/connectors/bank-http.ts';
import type { BankIdentities } from '../../../src/connectors/bank-identity.ts';
import type { BankEndpoint, Connector, Credentials } from '../../../src/connectors/connector.ts';
import type { ChallengeKind } from '../../../src/domain/sync.ts';
import type { FailureCode } from '../../../src/domain/failure-catalogue.ts';
import type { BankVisitor } from '../../../src/cli/demo/bank-visit.ts';
import type { FailureCase } from './failures.ts';

/** A connector and what may be asked of it. Every guarantee that its capabilities do not exclude is tested. */
export interface ContractSubject {
  /** The identities hold the sandbox's one, `default`. */
  readonly createConnector: (http: BankHttp, identities: BankIdentities) => Connector;
  /** The endpoint of the dialect at a bank, with the quirks that the profile calls for. */
  readonly endpointAt: (bankUrl: string, profile: Profile) => BankEndpoint;
  /** Each bank at which the data must come out exactly as the books have it. */
  readonly profiles: readonly Profile[];
  /** Where the person approves on the bank's pages, OAuth2 included; absent for a connector that never sends him there. */
  readonly redirect?: RedirectAccess;
  /** Where the person answers through us; absent for a connector without `signIn`. */
  readonly signIn?: SignInAccess;
}

/** A bank that departs from what is usual, and the quirks by which its provider's entry says so. */
export interface Profile {
  readonly name: string;
  /** The name of a bundle of habits of the test bank (`bank.profile`); `bank` and `switches` go before it. */
  readonly bankProfile?: string;
  /** Fields of the scenario's `bank`, such as `scaApproach`, `portal`, `historyDays`. */
  readonly bank?: Readonly<Record<string, unknown>>;
  readonly switches?: Readonly<Record<string, unknown>>;
  readonly quirks?: Readonly<Record<string, unknown>>;
  /** How the person gives access at this bank; by default `redirect` where the subject has it. */
  readonly access?: 'redirect' | 'sign-in';
  /** `challenge` of the person `bruno` in the scenario, instead of a code by SMS. */
  readonly challenge?: Readonly<Record<string, unknown>>;
  /** Days of history to compare, 400 when absent. */
  readonly days?: number;
  /** The bank gives no ids of its own, so overlapping pages could not be told apart. */
  readonly lacksIds?: boolean;
  /** The bank's dates of booked entries are not those of its books: only amounts are compared. */
  readonly lacksBookingDates?: boolean;
  /** The bank keeps a part of what the books say to itself; nothing but what it shows can be compared. */
  readonly lacksBookedBalance?: boolean;
}

/** What both ways of access have in common. */
interface Access {
  /** The banks at which the way of access itself is tested. */
  readonly profiles: readonly Profile[];
  /** The bank counts calls without the person. */
  readonly limitsUnattended: boolean;
  /** The bank knows consents: they end by time, are read and are ended. */
  readonly hasConsents: boolean;
  /** What reading data throws after `revokeConsent`; CONSENT_REVOKED_AT_BANK when absent. */
  readonly codeAfterRevocation?: FailureCode;
  /** What each login `error.<code>` leads to. */
  readonly failures: readonly FailureCase[];
}

export interface RedirectAccess extends Access {
  /** The person chooses among his accounts on the bank's page. */
  readonly letsChooseAccounts: boolean;
  /** The bank tells the day on which access ends; true when absent. */
  readonly tellsValidity?: boolean;
}

export interface SignInAccess extends Access {
  /** The form of the channel, filled in by this person. */
  readonly credentialsOf: (visitor: BankVisitor) => Credentials;
  /** The challenges that the bank may ask; each is tested where bruno is asked by it. */
  readonly challenges: readonly Extract<ChallengeKind, 'OTP' | 'APP_APPROVAL'>[];
}
