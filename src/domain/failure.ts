import { failureCatalogue, type FailureCode } from './failure-catalogue.ts';

/** One thing wrong with an input: where it stands (path of field names) and what to do about it. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A failure as it is stored in a row and in an event: no secret, no internal detail. */
export interface FailureRecord {
  readonly code: FailureCode;
  readonly message: string;
  /** RFC 3339; when trying again makes sense. */
  readonly retryAt?: string;
}

interface FailureOptions {
  message?: string;
  retryAt?: Date;
  issues?: readonly Issue[];
  cause?: unknown;
}

/**
 * An expected failure: thrown inside, a value at every door. `message` is public, `cause` is for the log only.
 * Anything thrown that is not a Failure is a bug and reaches nobody but the log.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly retryAt: Date | null;
  readonly issues: readonly Issue[];

  constructor(code: FailureCode, options: FailureOptions = {}) {
    super(options.message ?? failureCatalogue[code].message, { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.retryAt = options.retryAt ?? null;
    this.issues = options.issues ?? [];
  }

  /** What may be stored and shown. */
  toRecord(): FailureRecord {
    return {
      code: this.code,
      message: this.message,
      ...(this.retryAt ? { retryAt: this.retryAt.toISOString() } : {}),
    };
  }
}

/** The thing named does not exist, or not for this viewer: the same answer for both. */
export function notFound(what: string): Failure {
  return new Failure('NOT_FOUND', { message: `No such ${what}.` });
}

/** An input that breaks a rule, with every issue at once. */
export function invalidInput(issues: readonly Issue[]): Failure {
  const first = issues[0];
  const place = first && first.path.length > 0 ? `${first.path.join('.')}: ` : '';
  const message = first ? `${place}${first.message}` : failureCatalogue.VALIDATION_FAILED.message;
  return new Failure('VALIDATION_FAILED', { message, issues });
}
