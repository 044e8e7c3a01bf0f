import { Agent, fetch as fetchBy } from 'undici';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/actions/create-client.ts';
import type { AuthenticationInput } from '../../src/actions/client-input.ts';
import type { ActionContext } from '../../src/actions/context.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { certificateReader } from '../../src/http/client-certificate.ts';
import type { Gateway } from '../../src/http/gateway.ts';
import { listen, type Listening } from '../../src/http/listen.ts';
import { createAuthorizationServer, type AuthorizationServer } from '../../src/oauth/authorization-server.ts';
import { selfSigned, testAuthority, type TestCertificate } from '../support/certificates.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth } from '../support/oauth.ts';

const context = await houseContext();
const authority = await testAuthority();
const stranger = await testAuthority('CN=Test CA');
const host = await authority.issue('CN=localhost', [{ type: 'dns', value: 'localhost' }]);
const acme = await authority.issue('CN=app, O=Acme, C=FR');
const own = await selfSigned('CN=own');
const refused = { error: 'invalid_client', error_description: 'client authentication failed' };

async function register(authentication: AuthenticationInput): Promise<string> {
  const input = { name: 'By certificate', permissions, isClientModeAllowed: true, authentication };
  return (await createClient(context, input)).oauthClientId;
}

const ofAuthority = await register({ method: 'tls_client_auth', tlsSubjectDn: 'CN=app,O=Acme,C=FR' });
const keys = [{ ...own.publicJwk, x5c: [own.der] }];
const ofItself = await register({ method: 'self_signed_tls_client_auth', jwks: { keys } });

async function processAnswer(as: oauth.AuthorizationServer, id: string, answer: Response) {
  return oauth.processClientCredentialsResponse(as, { client_id: id }, answer);
}

describe('over TLS of our own', () => {
  let listening: Listening;
  let server: AuthorizationServer;
  beforeAll(async () => {
    const gateway: Gateway = {
      handle: (request, response) => void server.handle(request, response),
      upgrade: (_request, socket) => void socket.destroy(),
      drain: () => Promise.resolve(),
    };
    const tls = { certificate: host.certificate, key: host.key, clientAuthorities: [authority.certificate] };
    listening = await listen(gateway, { host: '127.0.0.1', port: 0, tls });
    server = await createAuthorizationServer({
      ...context,
      publicUrl: `https://localhost:${listening.port}`,
      certificateOf: certificateReader({ header: null, authorities: [authority.certificate], clock: context.clock }),
    });
  });
  afterAll(() => listening.close());

  async function ask(id: string, certificate: TestCertificate | null, headers: Record<string, string> = {}) {
    const publicUrl = `https://localhost:${listening.port}`;
    const connect = { ca: authority.certificate, cert: certificate?.certificate, key: certificate?.key };
    const agent = new Agent({ connect });
    onTestFinished(() => agent.close());
    const customFetch = async (url: string, init: object) => {
      const given = init as { headers: Record<string, string> };
      return fetchBy(url, { ...init, headers: { ...given.headers, ...headers }, dispatcher: agent } as never);
    };
    const options = { [oauth.customFetch]: customFetch } as never;
    const issuer = new URL(publicUrl);
    const discovery = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...(options as object) });
    const as = await oauth.processDiscoveryResponse(issuer, discovery);
    const answer = await oauth.clientCredentialsGrantRequest(as, { client_id: id }, oauth.TlsClientAuth(), {}, options);
    return { as, answer };
  }

  async function refusalOf(...parameters: Parameters<typeof ask>) {
    const { answer } = await ask(...parameters);
    return { status: answer.status, body: await answer.json() };
  }

  it('takes a certificate of the authority with the registered subject', async () => {
    const { as, answer } = await ask(ofAuthority, acme);
    expect(as.token_endpoint_auth_methods_supported).toContain('tls_client_auth');
    expect(await processAnswer(as, ofAuthority, answer)).toHaveProperty('access_token');
  });

  it('takes the registered certificate that nobody else vouches for', async () => {
    const { as, answer } = await ask(ofItself, own);
    expect(await processAnswer(as, ofItself, answer)).toHaveProperty('access_token');
  });

  it('refuses none, another subject, another authority, another self-signed one, and a header', async () => {
    const answers = await Promise.all([
      refusalOf(ofAuthority, null),
      refusalOf(ofAuthority, await authority.issue('CN=app, O=Acme, C=FR, OU=other')),
      refusalOf(ofAuthority, await stranger.issue('CN=app, O=Acme, C=FR')),
      refusalOf(ofItself, await selfSigned('CN=own')),
      refusalOf(ofItself, acme),
      refusalOf(ofAuthority, null, { 'client-cert': `:${acme.der}:` }),
    ]);
    for (const answer of answers) expect(answer).toEqual({ status: 401, body: refused });
  });
});

describe('behind a proxy that hands the certificate on (RFC 9440)', () => {
  async function ask(parts: Partial<Parameters<typeof createAuthorizationServer>[0]>, id: string, header?: string) {
    await using served = await serveOauth(context, parts);
    const answer = await fetch(`${served.publicUrl}/oauth/token`, {
      method: 'POST',
      headers: header === undefined ? {} : { 'client-cert': header },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  const reader = (clock: ActionContext['clock'] = context.clock) => ({
    certificateOf: certificateReader({ header: 'client-cert', authorities: [authority.certificate], clock }),
  });

  it('takes both kinds from the header that is set up', async () => {
    expect((await ask(reader(), ofAuthority, `:${acme.der}:`)).status).toBe(200);
    expect((await ask(reader(), ofItself, `:${own.der}:`)).status).toBe(200);
  });

  it('believes no header unless it is set up, and then offers no certificates at all', async () => {
    expect(await ask({}, ofAuthority, `:${acme.der}:`)).toEqual({ status: 401, body: refused });
    expect(await ask({}, ofItself, `:${own.der}:`)).toEqual({ status: 401, body: refused });
    await using served = await serveOauth(context);
    expect(served.discovered.token_endpoint_auth_methods_supported).not.toContain('tls_client_auth');
  });

  it('refuses a certificate of another authority, an expired one, and what is none', async () => {
    const foreign = await stranger.issue('CN=app, O=Acme, C=FR');
    const later = { now: () => new Date(Date.now() + 2 * 86_400_000) };
    const answers = [
      await ask(reader(), ofAuthority, `:${foreign.der}:`),
      await ask(reader(later), ofAuthority, `:${acme.der}:`),
      await ask(reader(), ofAuthority, ':AAAA:'),
      await ask(reader(), ofAuthority, acme.der),
      await ask(reader(), ofAuthority),
    ];
    for (const answer of answers) expect(answer).toEqual({ status: 401, body: refused });
  });
});
