import type { BankCall } from '../connector.ts';
import { placeAt } from './addresses.ts';
import type { PortalPage } from './client.ts';
import { failureOfPage, isMissing, unknownPage } from './errors.ts';
import type { LayoutName, PageKind } from './layouts.ts';

interface Place {
  readonly kind: PageKind;
  readonly layout: LayoutName;
}

/** Which page this is, by its address; throws what a page that leads no further stands for. */
export function recognise(call: BankCall, page: PortalPage): Place {
  const failure = failureOfPage(call, page);
  if (failure) throw failure;
  const place = isMissing(page) ? null : placeAt(call.endpoint.baseUrl, page.url);
  if (!place) throw unknownPage();
  return place;
}
