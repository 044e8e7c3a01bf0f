import { Failure } from '../domain/failure.ts';

/** Runs what reads one field of an input; a failure that does not say where it comes from names that field. */
export async function ofField<Result>(field: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.issues.length > 0) throw error;
    const { code, message, cause } = error;
    throw new Failure(code, { message, cause, issues: [{ path: [field], message }] });
  }
}
