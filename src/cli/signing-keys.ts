import { listSigningKeys, rotateSigningKey } from '../oauth/rotate-signing-key.ts';
import { signingNow } from '../oauth/signing-keys.ts';
import { print, printList } from './print.ts';
import { withInstallation } from './with-installation.ts';

interface Output {
  readonly json?: boolean;
}

/** Makes a new key for the signatures of tokens; running gateways take it up by themselves. */
export async function signingKeyRotate(options: Output & { readonly immediately?: boolean }): Promise<void> {
  await withInstallation(async (context) => {
    const isImmediate = options.immediately ?? false;
    print({ ...(await rotateSigningKey(context, { isImmediate })) }, options);
  });
}

export async function signingKeyList(options: Output): Promise<void> {
  await withInstallation(async (context) => {
    const keys = await listSigningKeys(context);
    const now = context.clock.now();
    const signer = signingNow(keys, now);
    const statusOf = (key: (typeof keys)[number]) =>
      key === signer ? 'signs' : key.signsFrom > now ? 'will sign' : 'verifies only';
    printList(
      keys.map((key) => ({
        kid: key.kid,
        status: statusOf(key),
        signsFrom: key.signsFrom,
        retiredAt: key.retiredAt ?? undefined,
        createdAt: key.createdAt,
      })),
      options,
    );
  });
}
