import { loadProviders } from '../actions/load-providers.ts';
import { switchProvider } from '../actions/switch-provider.ts';
import { listProviders } from '../store/providers.ts';
import { print, printList } from './print.ts';
import { readProviderFile } from './provider-file.ts';
import { withInstallation } from './with-installation.ts';

interface Output {
  readonly json?: boolean;
}

/** Checks a list of providers and loads it, all of it or nothing; `check` alone changes nothing. */
export async function providerLoad(path: string, options: Output & { readonly check?: boolean }): Promise<void> {
  const listings = await readProviderFile(path);
  if (options.check) return print({ valid: listings.length }, options);
  await withInstallation(async (context) => {
    const { added, changed, unchanged } = await loadProviders(context, listings);
    print({ added, changed, unchanged: unchanged.length }, options);
  });
}

/** Shows the providers; with a text, those whose name, slug or BIC holds it. */
export async function providerList(text: string | undefined, options: Output): Promise<void> {
  const wanted = text?.toLowerCase() ?? '';
  await withInstallation(async ({ database }) => {
    const all = await listProviders(database.db);
    const found = all.filter(({ slug, name, bic }) => `${slug}\n${name}\n${bic ?? ''}`.toLowerCase().includes(wanted));
    printList(
      found.map((provider) => ({ ...provider })),
      options,
    );
  });
}

/** Offers a provider for linking, or no longer. */
export async function providerSwitch(slug: string, isEnabled: boolean, options: Output): Promise<void> {
  await withInstallation(async (context) => {
    await switchProvider(context, slug, isEnabled);
    print({ provider: slug, status: isEnabled ? 'enabled' : 'disabled' }, options);
  });
}
