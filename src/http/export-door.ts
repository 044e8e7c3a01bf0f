import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { requestError } from '../graphql/request-error.ts';
import { answerJson } from './answer.ts';
import { authenticate, bearerChallenge, type Authentication, type VerifyAccessToken } from './authentication.ts';

/** Where archives are; the global id of the user follows. */
export const exportPath = '/exports/users/';

/** What the composition does for an archive. */
export interface ExportUser {
  /** Whose archive an id in the address names; throws NOT_FOUND or FORBIDDEN. Resolves to a function that writes it. */
  (
    viewer: Authentication['viewer'],
    id: string,
    ipAddress: string | null,
  ): Promise<(write: (line: string) => Promise<void>) => Promise<void>>;
}

interface ExportDoorOptions {
  readonly verifyAccessToken: VerifyAccessToken;
  readonly exportUser: ExportUser;
  readonly mask: (error: unknown) => Error;
  readonly addressOf: (request: IncomingMessage) => string | null;
}

/** Streams a user's archive to who may read it, a line at a time: a slow reader makes the writer wait. */
export async function answerExport(
  request: IncomingMessage,
  response: ServerResponse,
  { verifyAccessToken, exportUser, mask, addressOf }: ExportDoorOptions,
): Promise<void> {
  let write: Awaited<ReturnType<ExportUser>>;
  try {
    const { viewer } = await authenticate(request.headers.authorization, verifyAccessToken);
    const id = (request.url ?? '').split('?', 1)[0]?.slice(exportPath.length) ?? '';
    write = await exportUser(viewer, decodeURIComponent(id), addressOf(request));
  } catch (error) {
    const masked = mask(error);
    const shown = masked instanceof GraphQLError ? masked : requestError('INTERNAL');
    return refuse(response, String(shown.extensions['code']), shown.message);
  }
  response.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': 'attachment; filename="user-archive.ndjson"',
  });
  await write(async (line) => {
    if (response.destroyed) throw new Error('The reader of an archive has gone.');
    if (!response.write(line)) await drained(response);
  });
  response.end();
}

/** Settles when the reader has caught up or gone; neither leaves a listener behind. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  settled.abort();
}

const statuses: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  VALIDATION_FAILED: 400,
};

function refuse(response: ServerResponse, code: string, message: string): void {
  const challenge = code === 'UNAUTHENTICATED' ? { 'www-authenticate': bearerChallenge } : {};
  answerJson(response, statuses[code] ?? 500, { error: code.toLowerCase(), message }, challenge);
}
