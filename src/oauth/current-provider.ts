import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { ActionContext } from '../actions/context.ts';
import { createProvider, type ProviderContext } from './provider.ts';
import { loadSigningKeys } from './signing-keys.ts';

type CurrentContext = ProviderContext & Pick<ActionContext, 'vault'>;

interface Current {
  readonly provider: Provider;
  /** Its own handler of requests. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/**
 * The provider with the signing keys of this moment. Keys come and go by command while gateways run, so each request
 * looks which there are (one small query) and the provider is built anew when they have changed.
 */
export function createCurrentProvider(
  context: CurrentContext,
  prepare: (provider: Provider) => void,
): () => Promise<Current> {
  let current: (Current & { readonly keys: string }) | null = null;
  return async () => {
    const signingKeys = await loadSigningKeys(context);
    const keys = JSON.stringify(signingKeys.map(({ jwk, signsFrom, retiredAt }) => [jwk.kid, signsFrom, retiredAt]));
    if (current?.keys !== keys) {
      const provider = createProvider(context, signingKeys);
      prepare(provider);
      current = { provider, keys, handle: provider.callback() };
    }
    return current;
  };
}
