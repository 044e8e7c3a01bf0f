import type { BankCall, PsuContext } from '../connectors/connector.ts';
import type { ChannelDefinition } from '../store/providers.ts';
import type { ActionContext } from './context.ts';

/** A call to the bank of a channel definition, limited to a minute: somebody waits for the answer. */
export function bankCall(
  context: Pick<ActionContext, 'clock'>,
  { baseUrl, timeZone, quirks }: Pick<ChannelDefinition, 'baseUrl' | 'timeZone' | 'quirks'>,
  psu: PsuContext | null,
): BankCall {
  return {
    endpoint: { baseUrl, timeZone, quirks },
    clock: context.clock,
    signal: AbortSignal.timeout(60_000),
    psu,
  };
}
