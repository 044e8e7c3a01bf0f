/** An answer that is an error in the words of the protocols; each face writes it in its own shape. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: RefusalStatus;
  readonly code: string;
  /** The header or field that is to blame. */
  readonly path: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    status: RefusalStatus,
    code: string,
    text: string,
    more: { path?: string; retryAfterSeconds?: number } = {},
  ) {
    super(text);
    this.status = status;
    this.code = code;
    this.path = more.path ?? null;
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }
}

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 406 | 408 | 409 | 413 | 415 | 429 | 500 | 501 | 503;
