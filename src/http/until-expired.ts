import type { ExecutionResult } from 'graphql';
import { requestError } from '../graphql/request-error.ts';
import type { ExpiryWatch } from './expiry-watch.ts';

/**
 * The same results until the token expires; then one that says so, and the end. `onEnd` is called once, however it ends.
 */
export function untilExpired(
  results: AsyncIterable<ExecutionResult>,
  expiresAt: Date | null,
  expiryWatch: ExpiryWatch,
  onEnd: () => void,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = results[Symbol.asyncIterator]();
  let isExpired = false;
  let isEnded = false;
  // Settles the pending `next`. A promise shared by all of them would keep every one alive until the token expires.
  let expirePending: () => void = () => {};
  const watched = {
    expiresAtMilliseconds: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
    expire() {
      isExpired = true;
      expirePending();
    },
  };
  if (expiresAt) expiryWatch.add(watched);

  async function end(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!isEnded) {
      isEnded = true;
      expiryWatch.delete(watched);
      onEnd();
      await iterator.return?.();
    }
    return { done: true, value: undefined };
  }

  return {
    async next() {
      if (isEnded) return end();
      const pending = Promise.withResolvers<IteratorResult<ExecutionResult> | undefined>();
      expirePending = () => pending.resolve(undefined);
      if (isExpired) expirePending();
      else iterator.next().then(pending.resolve, pending.reject);
      const result = await pending.promise;
      if (result) return result.done ? end() : result;
      await end();
      return { done: false, value: { errors: [requestError('UNAUTHENTICATED', 'The access token has expired.')] } };
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
