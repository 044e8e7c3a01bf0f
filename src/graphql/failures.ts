import { failureCatalogue, type FailureCategory, type FailureCode } from '../domain/failure-catalogue.ts';
import { Failure, type FailureRecord, type Issue } from '../domain/failure.ts';
import { builder } from './builder.ts';
import { failureActorEnum, failureCategoryEnum, failureCodeEnum, recoveryActionEnum } from './types/failure-enums.ts';

/** A failure as the graph shows it, whether a mutation met it now or a row keeps it. */
export interface ShownFailure extends FailureRecord {
  readonly issues?: readonly Issue[];
}

/** Every failure type, and what it adds to the interface's description. */
const descriptions = {
  InvalidInput: 'The input breaks a rule; every issue is listed at once, and nothing was changed.',
  NotFound: 'The thing named does not exist, or not for this token: the answer is the same.',
  Conflict: 'The request contradicts what exists, such as an e-mail that is taken.',
  AuthenticationFailure: 'The bank does not accept the person as he is: credentials, a locked access, a captcha.',
  ScaFailure: 'Strong customer authentication is needed, or was not completed.',
  ConsentFailure: 'The consent is missing, ended, or too narrow.',
  BankFailure: 'The bank itself does not answer as it should.',
  AccountFailure: 'One account cannot be read.',
  DataFailure: 'What the bank gave is incomplete or contradicts itself.',
  ConnectorFailure: 'Our connector to this bank is at fault.',
  SyncFailure: 'A sync cannot run, or not now.',
  PlatformFailure: 'This installation refuses or cannot serve the request.',
} as const;
export type FailureTypeName = keyof typeof descriptions;

const byCategory: Record<Exclude<FailureCategory, 'REQUEST'>, FailureTypeName> = {
  AUTHENTICATION: 'AuthenticationFailure',
  SCA: 'ScaFailure',
  CONSENT: 'ConsentFailure',
  BANK: 'BankFailure',
  ACCOUNT: 'AccountFailure',
  DATA: 'DataFailure',
  CONNECTOR: 'ConnectorFailure',
  SYNC: 'SyncFailure',
  PLATFORM: 'PlatformFailure',
};

/** The GraphQL type that shows failures of this code. */
export function failureTypeOf(code: FailureCode): FailureTypeName {
  if (code === 'NOT_FOUND') return 'NotFound';
  if (code === 'CONFLICT' || code === 'IDEMPOTENCY_KEY_REUSED') return 'Conflict';
  const { category } = failureCatalogue[code];
  return category === 'REQUEST' ? 'InvalidInput' : byCategory[category];
}

/** What of a thrown Failure a door may show. */
export function shown(failure: Failure): ShownFailure {
  const { message, issues } = failure;
  return { ...failure.toRecord(), issues: issues.length > 0 ? issues : [{ path: [], message }] };
}

/** True for what `shown` makes, in a union of a payload and failures. */
export function isShownFailure(value: object): value is ShownFailure {
  return 'code' in value && 'message' in value && typeof value.code === 'string' && value.code in failureCatalogue;
}

export const failureInterface = builder.interfaceRef<ShownFailure>('Failure').implement({
  description: 'An expected failure. Clients switch on `code`; what they do not know they show as `message`.',
  resolveType: ({ code }) => failureTypeOf(code),
  fields: (t) => ({
    code: t.field({
      type: failureCodeEnum,
      description: 'What went wrong; a code never changes its meaning.',
      resolve: ({ code }) => code,
    }),
    category: t.field({
      type: failureCategoryEnum,
      description: 'Which part of the world it comes from.',
      resolve: ({ code }) => failureCatalogue[code].category,
    }),
    actor: t.field({
      type: failureActorEnum,
      description: 'Who must act.',
      resolve: ({ code }) => failureCatalogue[code].actor,
    }),
    recovery: t.field({
      type: recoveryActionEnum,
      description: 'What the actor can do about it.',
      resolve: ({ code }) => failureCatalogue[code].recovery,
    }),
    message: t.exposeString('message', { description: 'A sentence in English that may be shown to a person.' }),
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When trying again makes sense, where that is known.',
      resolve: ({ retryAt }) => (retryAt ? new Date(retryAt) : null),
    }),
  }),
});

const issueType = builder.objectRef<Issue>('InputIssue').implement({
  description: 'One thing wrong with an input.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Where it stands: field names and list positions, from the input down.',
      resolve: ({ path }) => path.map(String),
    }),
    message: t.exposeString('message', { description: 'What is wrong, and what is allowed.' }),
  }),
});

function implementFailure(name: Exclude<FailureTypeName, 'InvalidInput'>) {
  return builder
    .objectRef<ShownFailure>(name)
    .implement({ description: descriptions[name], interfaces: [failureInterface] });
}

const invalidInput = builder.objectRef<ShownFailure>('InvalidInput').implement({
  description: descriptions.InvalidInput,
  interfaces: [failureInterface],
  fields: (t) => ({
    issues: t.field({
      type: [issueType],
      description: 'Everything that is wrong, in the order of the input.',
      resolve: ({ issues }) => issues ?? [],
    }),
  }),
});

/** The object types of all failures, by name. */
export const failureTypes = {
  InvalidInput: invalidInput,
  NotFound: implementFailure('NotFound'),
  Conflict: implementFailure('Conflict'),
  AuthenticationFailure: implementFailure('AuthenticationFailure'),
  ScaFailure: implementFailure('ScaFailure'),
  ConsentFailure: implementFailure('ConsentFailure'),
  BankFailure: implementFailure('BankFailure'),
  AccountFailure: implementFailure('AccountFailure'),
  DataFailure: implementFailure('DataFailure'),
  ConnectorFailure: implementFailure('ConnectorFailure'),
  SyncFailure: implementFailure('SyncFailure'),
  PlatformFailure: implementFailure('PlatformFailure'),
};
