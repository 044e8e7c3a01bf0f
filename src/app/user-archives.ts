import type { ActionContext } from '../actions/context.ts';
import { beginExport, exportUser } from '../actions/export-user.ts';
import { actorOf } from '../domain/audit.ts';
import { notFound } from '../domain/failure.ts';
import { isUserScope, scopeOf } from '../domain/viewer.ts';
import { readId } from '../graphql/global-id.ts';
import { requirePermission } from '../graphql/permission.ts';
import type { ExportUser } from '../http/export-door.ts';
import { createArchiveSigner } from '../oauth/sign-archive.ts';

/** The archives that the gateway streams: of the client's users, for tokens that may manage them. */
export function userArchives(context: ActionContext): ExportUser {
  const sign = createArchiveSigner(context);
  return async (viewer, id, ipAddress) => {
    requirePermission(viewer, 'users_manage');
    const scope = scopeOf(viewer, readId('User', id, 'id'));
    if (!scope || !isUserScope(scope)) throw notFound('user');
    await beginExport({ ...context, actor: actorOf(viewer, ipAddress) }, scope);
    return (write) => exportUser(context, scope, sign, write);
  };
}
