import { isAllowed, type Permission, type Viewer } from '../domain/viewer.ts';
import { requestError, unauthenticated } from './request-error.ts';

/** Throws UNAUTHENTICATED without a token. */
export function requireToken(viewer: Viewer): true {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  return true;
}

/** Throws UNAUTHENTICATED without a token, and FORBIDDEN, naming the scope, for one that lacks it. */
export function requirePermission(viewer: Viewer, permission: Permission): true {
  requireToken(viewer);
  if (!isAllowed(viewer, permission)) {
    throw requestError('FORBIDDEN', `The access token lacks the scope ${permission}.`, { scope: permission });
  }
  return true;
}
