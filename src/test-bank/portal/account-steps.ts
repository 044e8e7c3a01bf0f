import type { Context, Hono } from 'hono';
import { strike } from '../faults/transport.ts';
import { layouts } from './addresses.ts';
import { portalEffect, type PortalEffect } from './failures.ts';
import { arrive } from './journey.ts';
import { listedAccounts } from './listed-account.ts';
import { statementBefore, statementByPage } from './statement.ts';
import { accountsV1, statementV1 } from './views/accounts-v1.ts';
import { accountsV2, statementV2 } from './views/accounts-v2.ts';
import type { Visits } from './visit.ts';

/** What somebody came for: the accounts, and the statement of each. */
export function accountSteps(app: Hono, visits: Visits): void {
  for (const { addresses } of Object.values(layouts)) {
    app.get(addresses.accounts, async (context) => {
      const visit = await arrive(visits, context, 'accounts');
      if (visit instanceof Response) return visit;
      const { bank, person, session, words, layout } = visit;
      const effect = portalEffect(session.login);
      const struck = await strikeData(visits, context, effect);
      if (struck) return struck;
      const accounts = listedAccounts(bank, person?.id ?? '', effect);
      const view = layout === 'v1' ? accountsV1 : accountsV2;
      return visits.show(context, visit, {
        title: words.accountsTitle,
        body: view(visit, accounts, bank.ledger().day),
        isWide: true,
      });
    });

    app.get(addresses.account, async (context) => {
      const visit = await arrive(visits, context, 'account');
      if (visit instanceof Response) return visit;
      const { bank, person, session, layout } = visit;
      const effect = portalEffect(session.login);
      const struck = await strikeData(visits, context, effect);
      if (struck) return struck;
      const id = context.req.param('id') ?? '';
      const listed = listedAccounts(bank, person?.id ?? '', effect).find(({ account }) => account.id === id);
      const book = listed ? bank.ledger().account(id) : null;
      if (!listed || !book || (effect?.at === 'accounts' && effect.outcome === 'not-found')) {
        return visits.notice(context, 'not-found', 404);
      }
      const body =
        layout === 'v1'
          ? statementV1(visit, listed, statementByPage(bank, book, effect, wholeNumber(context.req.query('page')) ?? 1))
          : statementV2(visit, listed, statementBefore(bank, book, effect, wholeNumber(context.req.query('before'))));
      return visits.show(context, visit, { title: listed.account.name, body, isWide: true });
    });

    app.post(addresses['sign-out'], async (context) => {
      const visit = visits.signedIn(context);
      if (visit instanceof Response) return visit;
      const form = await visits.readForm(context, visit);
      return form ? visits.leave(context, visit, 'signed-out') : visits.notice(context, 'error', 403);
    });
  }
}

/** The failures that strike whoever asks for data. */
async function strikeData(visits: Visits, context: Context, effect: PortalEffect | null): Promise<Response | null> {
  if (effect?.at !== 'data') return null;
  if (effect.fault === 'html-error') return visits.notice(context, 'maintenance', 503);
  return strike(effect.fault, 60, context.req.raw.signal);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
